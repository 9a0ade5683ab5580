import type { RoomState } from '../../sdk/room-state.js';
import type { MessageView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { noticeText } from '../chat/messages/notice-text.js';
import { senderName } from '../chat/messages/sender-name.js';
import { defineTexts, isolated } from '../i18n/texts.js';
import { blockedText, isBlocked } from '../people/blocked.js';

const t = defineTexts(
  {
    you: 'You',
    said: '{name}: {text}',
    deleted: 'Message deleted',
    image: 'Picture',
    images: { one: '{count} picture', other: '{count} pictures' },
    files: { one: '{count} file', other: '{count} files' },
  },
  {
    you: '我',
    said: '{name}：{text}',
    deleted: '消息已删除',
    image: '图片',
    images: '{count} 张图片',
    files: '{count} 个文件',
  },
);

const FEW = 20;

/** The newest of a room, as far as it is known here. */
export function lastMessageOf({ messages, view }: RoomState): MessageView | null {
  const loaded = messages.at(-1);
  const shown = view?.lastMessage ?? null;
  if (!loaded || !shown) return loaded ?? shown;
  // A message that was edited since is newer in the window.
  return shown.rev > loaded.rev ? shown : loaded;
}

/** One after the other: of hundreds of rooms many may need it at the same time. */
let asking: Promise<unknown> = Promise.resolve();

/** Loads a little of a room whose newest change was no message, so that the newest message is known. */
export function askLast(roomId: string): void {
  asking = asking.then(() => client.loadOlder(roomId, FEW)).catch(() => undefined);
}

/** A message in one line, with its sender's name where it is not plain who that is. */
export function lineOf(message: MessageView, isDirect: boolean): string {
  if (message.kind === 'notice') return noticeText(message);
  if (isBlocked(message.senderId)) return blockedText();
  const text = message.deletedAt === null ? contentOf(message) : t('deleted');
  const isOwn = message.senderId === client.user?.id;
  return isDirect && !isOwn
    ? isolated(text)
    : t('said', { name: isOwn ? t('you') : senderName(message.senderId), text });
}

/** What a message holds, in a few words. */
export function contentOf({ text, attachments }: MessageView): string {
  if (text) return text;
  const count = attachments.length;
  const areImages = attachments.every(({ mediaType }) => mediaType.startsWith('image/'));
  if (count === 1) return areImages ? t('image') : (attachments[0]?.name ?? '');
  return areImages ? t('images', { count }) : t('files', { count });
}
