import { client } from '../app/client.js';
import { deviceName } from '../app/device-name.js';
import { enter } from '../app/start.js';
import { defineTexts } from '../i18n/texts.js';
import { Field, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';

const t = defineTexts(
  { title: 'Sign in with an account', username: 'User name or e-mail', password: 'Password', signIn: 'Sign in' },
  { title: '使用账号登录', username: '用户名或邮箱', password: '密码', signIn: '登录' },
);

/** The way in for those who have an account. */
export function SignInForm() {
  const signIn = async (form: HTMLFormElement) => {
    await client.rest.login(valueOf(form, 'username'), valueOf(form, 'password'), deviceName(navigator.userAgent));
    enter();
  };
  return (
    <Form label={t('title')} action={t('signIn')} onSubmit={signIn}>
      <Field label={t('username')} name="username" required maxLength={254} autocomplete="username" />
      <Field label={t('password')} name="password" type="password" required autocomplete="current-password" />
    </Form>
  );
}
