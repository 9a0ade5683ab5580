import { client } from '../app/client.js';
import { enter } from '../app/start.js';
import { defineTexts } from '../i18n/texts.js';
import { Field, filledOf, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';

const t = defineTexts(
  {
    title: 'Make an account',
    username: 'User name',
    usernameHint: '3 to 32 letters, digits, dots, underscores or hyphens.',
    displayName: 'Name to show (optional)',
    email: 'E-mail (optional)',
    password: 'Password',
    passwordHint: 'At least 8 characters; a few words in a row make a good one.',
    register: 'Create account',
  },
  {
    title: '注册账号',
    username: '用户名',
    usernameHint: '3 到 32 个字母、数字、点、下划线或连字符。',
    displayName: '显示名称（选填）',
    email: '邮箱（选填）',
    password: '密码',
    passwordHint: '至少 8 个字符，几个词连在一起就很好。',
    register: '创建账号',
  },
);

/** Makes an account and comes in. */
export function RegisterForm() {
  const register = async (form: HTMLFormElement) => {
    await client.rest.register({
      username: valueOf(form, 'username').trim(),
      password: valueOf(form, 'password'),
      displayName: filledOf(form, 'displayName'),
      email: filledOf(form, 'email'),
    });
    enter();
  };
  return (
    <Form label={t('title')} action={t('register')} onSubmit={register}>
      <Field
        label={t('username')}
        hint={t('usernameHint')}
        name="username"
        required
        maxLength={64}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
      />
      <Field label={t('displayName')} name="displayName" maxLength={64} autocomplete="name" />
      <Field label={t('email')} name="email" type="email" maxLength={254} autocomplete="email" />
      <Field
        label={t('password')}
        hint={t('passwordHint')}
        name="password"
        type="password"
        required
        autocomplete="new-password"
      />
    </Form>
  );
}
