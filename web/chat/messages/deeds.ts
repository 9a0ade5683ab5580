import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { confirm } from '../../ui/confirm.js';
import { copyText } from '../../ui/copy.js';
import { attempt, tell } from '../../ui/toast.js';
import { keepRecent } from '../emoji/recent.js';
import type { OpenRoom } from '../open-room.js';
import { limits } from '../server-limits.js';

const t = defineTexts(
  {
    copied: 'Copied.',
    delete: 'Delete this message?',
    deleteText: 'It goes for everybody, and cannot be brought back.',
    deleteAction: 'Delete',
  },
  {
    copied: '已复制。',
    delete: '要删除这条消息吗？',
    deleteText: '所有人都将看不到它，且无法恢复。',
    deleteAction: '删除',
  },
);

const isOwnText = ({ senderId, kind, deletedAt }: MessageView): boolean =>
  senderId === client.user?.id && kind === 'text' && deletedAt === null;

const isWithin = ({ createdAt }: MessageView, ms: number): boolean => Date.now() - Date.parse(createdAt) < ms;

/** Whether one may react here; who may not write because of how the room is run still may. */
export function canReact(open: OpenRoom): boolean {
  const told = open.abilities.value?.['message.send'];
  return told !== undefined && (told.allowed || told.code === 'ROOM_READ_ONLY' || told.code === 'SLOW_MODE');
}

export const canReply = (open: OpenRoom): boolean => open.abilities.value?.['message.send'].allowed ?? false;

/** Whether a message is one's own to edit, still. */
export function canEdit(open: OpenRoom, message: MessageView): boolean {
  const isForwarded = message.payload !== null && 'forwarded' in message.payload;
  const may = open.abilities.value?.['message.edit'].allowed ?? false;
  return may && isOwnText(message) && !isForwarded && isWithin(message, limits.value.editWithinMs);
}

/** Whether one may delete a message: an admin any, others their own for a while. */
export function canDelete(open: OpenRoom, message: MessageView): boolean {
  if (message.kind !== 'text' || message.deletedAt !== null) return false;
  if (!open.abilities.value?.['message.delete'].allowed) return false;
  const view = open.state?.view;
  if (view?.kind === 'group' && view.role !== 'member') return true;
  return isOwnText(message) && isWithin(message, limits.value.deleteWithinMs);
}

export const canPin = (open: OpenRoom): boolean => open.abilities.value?.['message.pin'].allowed ?? false;

/** Answers to a message with a sign, or takes that back. */
export async function react({ id, roomId }: MessageView, emoji: string, added = true): Promise<void> {
  if (added) keepRecent(emoji);
  await attempt(() => client.command(added ? 'message.react' : 'message.unreact', { roomId, id, emoji }));
}

export async function togglePin({ id, pinned }: MessageView): Promise<void> {
  await attempt(() => client.rest.pin(id, !pinned));
}

export async function copyMessage({ text }: MessageView): Promise<void> {
  if (await attempt(() => copyText(text ?? ''))) tell(t('copied'));
}

/** Asks whether it is meant, and deletes a message for all. */
export async function deleteMessage({ id }: MessageView): Promise<void> {
  if (!(await confirm({ title: t('delete'), text: t('deleteText'), action: t('deleteAction') }))) return;
  await attempt(() => client.rest.deleteMessage(id));
}
