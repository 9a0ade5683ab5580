import type { MeView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { Field, TextField, filledOf, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { PictureField } from '../ui/picture-field.js';
import { tell } from '../ui/toast.js';
import { Section } from './section.js';

const t = defineTexts(
  {
    title: 'Profile',
    username: 'Your user name is @{username}.',
    displayName: 'Name',
    bio: 'About me',
    email: 'E-mail',
    emailHint: 'Only you see it; you can sign in with it.',
    save: 'Save profile',
    saved: 'Saved.',
  },
  {
    title: '个人资料',
    username: '您的用户名是 @{username}。',
    displayName: '名称',
    bio: '个人简介',
    email: '邮箱',
    emailHint: '只有您能看到，可用于登录。',
    save: '保存资料',
    saved: '已保存。',
  },
);

/** How others see the reader: picture, name, and what he says of himself. */
export function Profile({ user }: { readonly user: MeView }) {
  const save = async (form: HTMLFormElement) => {
    await client.rest.account.update({
      displayName: valueOf(form, 'displayName'),
      bio: filledOf(form, 'bio') ?? null,
      email: filledOf(form, 'email') ?? null,
    });
    tell(t('saved'));
  };
  return (
    <Section title={t('title')} text={t('username', { username: user.username })}>
      <PictureField
        url={user.avatarUrl}
        name={user.displayName}
        onChoose={(file) => client.rest.account.setAvatar(file)}
        onRemove={() => client.rest.account.removeAvatar()}
      />
      <Form label={t('title')} action={t('save')} onSubmit={save}>
        <Field label={t('displayName')} name="displayName" defaultValue={user.displayName} maxLength={64} required />
        <TextField label={t('bio')} name="bio" defaultValue={user.bio ?? ''} maxLength={1000} />
        <Field
          label={t('email')}
          hint={t('emailHint')}
          name="email"
          type="email"
          defaultValue={user.email ?? ''}
          maxLength={254}
          autocomplete="email"
        />
      </Form>
    </Section>
  );
}
