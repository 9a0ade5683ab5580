import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { Field, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { tell } from '../ui/toast.js';
import { Section } from './section.js';

const t = defineTexts(
  {
    title: 'Password',
    text: 'All other logins end when it is changed.',
    current: 'Present password',
    next: 'New password',
    hint: 'At least 8 characters.',
    change: 'Change password',
    changed: 'The password is changed.',
  },
  {
    title: '密码',
    text: '更改密码后，其他设备上的登录都会失效。',
    current: '当前密码',
    next: '新密码',
    hint: '至少 8 个字符。',
    change: '更改密码',
    changed: '密码已更改。',
  },
);

/** Another password. */
export function Password() {
  const change = async (form: HTMLFormElement) => {
    await client.rest.sessions.changePassword(valueOf(form, 'current'), valueOf(form, 'next'));
    form.reset();
    tell(t('changed'));
  };
  return (
    <Section title={t('title')} text={t('text')}>
      <Form label={t('title')} action={t('change')} onSubmit={change}>
        <Field label={t('current')} name="current" type="password" required autocomplete="current-password" />
        <Field label={t('next')} hint={t('hint')} name="next" type="password" required autocomplete="new-password" />
      </Form>
    </Section>
  );
}
