import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from './button.js';
import { faultText } from './fault-text.js';

interface FormProps {
  readonly label: string;
  /** The words on its button. */
  readonly action: string;
  readonly look?: 'main' | 'danger';
  /** Only to be read: nothing can be changed or sent. */
  readonly isLocked?: boolean;
  /** A refusal is shown in the form, and nothing that was typed goes. */
  readonly onSubmit: (form: HTMLFormElement) => Promise<void>;
  readonly children: ComponentChildren;
}

/** A form that does one thing. It takes nothing in while that is under way. */
export function Form({ label, action, look = 'main', isLocked = false, onSubmit, children }: FormProps) {
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  const submit = async (form: HTMLFormElement) => {
    if (isBusy) return;
    setBusy(true);
    setFault('');
    await onSubmit(form).catch((error: unknown) => setFault(faultText(error)));
    setBusy(false);
  };
  return (
    <form
      class="form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <fieldset disabled={isLocked}>{children}</fieldset>
      <p class="fault" role="alert">
        {fault}
      </p>
      {!isLocked && (
        <Button type="submit" look={look} aria-busy={isBusy}>
          {action}
        </Button>
      )}
    </form>
  );
}
