import { client } from '../app/client.js';
import { go, route } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { confirm } from '../ui/confirm.js';
import { attempt } from '../ui/toast.js';
import { titleOf } from './room-titles.js';

const t = defineTexts(
  {
    leave: 'Leave {name}?',
    leaveText: 'You will not get its messages any more. The others see that you have left.',
    leavePrivate: 'It is private: you can come back only if somebody invites you.',
    leaveAction: 'Leave',
  },
  {
    leave: '要退出“{name}”吗？',
    leaveText: '您将不再收到这个房间的消息，其他成员会看到您已退出。',
    leavePrivate: '这是私密房间：只有被再次邀请才能回来。',
    leaveAction: '退出',
  },
);

/** Opens the one talk with somebody; with oneself, one's notes. */
export async function openDirect(userId: string): Promise<void> {
  await attempt(async () => {
    const { id } = await client.rest.directRoom(userId);
    go({ at: 'room', roomId: id });
  });
}

/** Joins a public room and shows it. */
export async function joinRoom(roomId: string): Promise<void> {
  await attempt(async () => {
    await client.rest.join(roomId);
    go({ at: 'room', roomId });
  });
}

/** Asks whether it is meant, and leaves the room. */
export async function leaveRoom(roomId: string): Promise<void> {
  const view = client.rooms.get(roomId)?.view;
  if (!view) return;
  const text = view.visibility === 'private' ? `${t('leaveText')} ${t('leavePrivate')}` : t('leaveText');
  if (!(await confirm({ title: t('leave', { name: titleOf(view) }), text, action: t('leaveAction') }))) return;
  if (!(await attempt(() => client.rest.leave(roomId)))) return;
  const { value: shown } = route;
  if (shown.at === 'room' && shown.roomId === roomId) go({ at: 'home' });
}
