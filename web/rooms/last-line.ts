import type { RoomState } from '../../sdk/room-state.js';
import type { MessageView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { nameOf, userOf } from '../app/names.js';
import { defineTexts } from '../i18n/texts.js';

const t = defineTexts(
  {
    you: 'You',
    somebody: 'Somebody',
    said: '{name}: {text}',
    deleted: 'Message deleted',
    image: 'Picture',
    images: { one: '{count} picture', other: '{count} pictures' },
    files: { one: '{count} file', other: '{count} files' },
    'member.joined': '{name} joined',
    'member.left': '{name} left',
    'member.removed': '{name} was removed',
    'member.updated': '{name} has another role',
    'room.updated': 'The room was changed',
  },
  {
    you: '我',
    somebody: '某人',
    said: '{name}：{text}',
    deleted: '消息已删除',
    image: '图片',
    images: '{count} 张图片',
    files: '{count} 个文件',
    'member.joined': '{name}加入了房间',
    'member.left': '{name}退出了房间',
    'member.removed': '{name}被移出房间',
    'member.updated': '{name}的角色已变更',
    'room.updated': '房间信息已更新',
  },
);

/** The newest of a room, as far as it is known here. */
export function lastMessageOf({ messages, view }: RoomState): MessageView | null {
  const loaded = messages.at(-1);
  const shown = view?.lastMessage ?? null;
  if (!loaded || !shown) return loaded ?? shown;
  // A message that was edited since is newer in the window.
  return shown.rev > loaded.rev ? shown : loaded;
}

/** A message in one line, with its sender's name where it is not plain who that is. */
export function lineOf(message: MessageView, isDirect: boolean): string {
  if (message.kind === 'notice') return noticeLine(message);
  const text = message.deletedAt === null ? contentOf(message) : t('deleted');
  const isOwn = message.senderId === client.user?.id;
  return isDirect && !isOwn ? text : t('said', { name: isOwn ? t('you') : nameBy(message.senderId), text });
}

/** What a message holds, in a few words. */
export function contentOf({ text, attachments }: MessageView): string {
  if (text) return text;
  const count = attachments.length;
  const areImages = attachments.every(({ mediaType }) => mediaType.startsWith('image/'));
  if (count === 1) return areImages ? t('image') : (attachments[0]?.name ?? '');
  return areImages ? t('images', { count }) : t('files', { count });
}

const MOVES = ['member.joined', 'member.left', 'member.removed', 'member.updated'] as const;

function noticeLine({ payload, senderId }: MessageView): string {
  const { type, userId } = (payload ?? {}) as { readonly type?: string; readonly userId?: string };
  const move = MOVES.find((one) => one === type);
  return move ? t(move, { name: nameBy(userId ?? senderId) }) : t('room.updated');
}

function nameBy(userId: string | null): string {
  if (userId !== null && userId === client.user?.id) return t('you');
  const user = userId === null ? null : userOf(userId);
  return user ? nameOf(user) : t('somebody');
}
