import { signal } from '@preact/signals';
import { defineTexts } from '../i18n/texts.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';

const t = defineTexts({ cancel: 'Cancel' }, { cancel: '取消' });

interface Question {
  readonly title: string;
  /** What will be, and that it cannot be taken back, where it cannot. */
  readonly text: string;
  /** The words on the button that does it. */
  readonly action: string;
}

interface Asked extends Question {
  readonly answer: (isMeant: boolean) => void;
}

const asked = signal<Asked | null>(null);

/** Asks before something that cannot be taken back easily. Resolves to whether it is meant. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (isMeant) => {
        asked.value = null;
        resolve(isMeant);
      },
    };
  });
}

/** Takes the question away that is open, as one that was not meant. */
export const dropConfirm = (): void => asked.peek()?.answer(false);

/** Where such questions are shown; once on the page. */
export function Confirmations() {
  const question = asked.value;
  if (!question) return null;
  const { title, text, action, answer } = question;
  return (
    <Dialog title={title} onClose={() => answer(false)}>
      <p>{text}</p>
      <div class="actions">
        <Button onClick={() => answer(false)}>{t('cancel')}</Button>
        <Button look="danger" onClick={() => answer(true)}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
