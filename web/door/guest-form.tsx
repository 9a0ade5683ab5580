import { client } from '../app/client.js';
import { enter } from '../app/start.js';
import { defineTexts } from '../i18n/texts.js';
import { Field, filledOf } from '../ui/field.js';
import { Form } from '../ui/form.js';

const t = defineTexts(
  {
    name: 'Your name (optional)',
    hint: 'Without one, you get a made-up name and picture.',
    enter: 'Enter as a guest',
  },
  { name: '您的名字（选填）', hint: '不填写时，会为您起一个名字并配上头像。', enter: '以访客身份进入' },
);

/** The way in without an account. */
export function GuestForm() {
  const come = async (form: HTMLFormElement) => {
    await client.rest.guest(filledOf(form, 'name'));
    enter();
  };
  return (
    <Form label={t('enter')} action={t('enter')} onSubmit={come}>
      <Field label={t('name')} hint={t('hint')} name="name" maxLength={64} autocomplete="nickname" />
    </Form>
  );
}
