import { defineTexts } from '../i18n/texts.js';
import { confirm } from '../ui/confirm.js';
import { client } from './client.js';
import { leave } from './start.js';

const t = defineTexts(
  {
    title: 'Sign out for good?',
    text: 'You are a guest: without a password nobody, not even you, can come back as {name}.',
    action: 'Sign out',
  },
  {
    title: '确定要退出吗？',
    text: '您是访客，没有密码：退出后任何人（包括您自己）都无法再以“{name}”的身份回来。',
    action: '退出登录',
  },
);

/** Ends the login here; a guest, who could not come back, is asked first. */
export async function signOut(): Promise<void> {
  const { user } = client;
  const isGuest = user?.role === 'guest';
  const question = { title: t('title'), text: t('text', { name: user?.displayName ?? '' }), action: t('action') };
  if (isGuest && !(await confirm(question))) return;
  await leave();
}
