import { defineTexts } from '../i18n/texts.js';
import { Dialog } from '../ui/dialog.js';
import { Field, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import type { OpenRoom } from './open-room.js';

const t = defineTexts(
  { title: 'Go to a day', day: 'Day', go: 'Go there' },
  { title: '跳转到日期', day: '日期', go: '前往' },
);

/** Chooses the day whose messages are shown. */
export function DateDialog({ open, onClose }: { readonly open: OpenRoom; readonly onClose: () => void }) {
  const today = new Date().toLocaleDateString('sv');
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <Form
        label={t('title')}
        action={t('go')}
        onSubmit={async (form) => {
          onClose();
          await open.timeline.jumpToTime(new Date(`${valueOf(form, 'day')}T00:00`).toISOString());
        }}
      >
        <Field label={t('day')} name="day" type="date" max={today} defaultValue={today} required />
      </Form>
    </Dialog>
  );
}
