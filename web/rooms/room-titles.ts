import type { MemberRoomView, RoomView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { nameOf } from '../app/names.js';
import { defineTexts } from '../i18n/texts.js';

const t = defineTexts({ notes: 'Notes to myself', nameless: 'A talk' }, { notes: '我的笔记', nameless: '会话' });

/** Whether it is the reader's own room of notes. */
export const isNotes = ({ kind, peer }: MemberRoomView): boolean => kind === 'direct' && peer?.id === client.user?.id;

/** What a room is called here: by the reader's own name for it, or after whom it is with. */
export function titleOf(room: MemberRoomView): string {
  if (room.alias !== null) return room.alias;
  if (room.kind === 'group') return room.name ?? t('nameless');
  if (isNotes(room)) return t('notes');
  follow('people');
  return room.peer ? nameOf(room.peer) : t('nameless');
}

/** The address of its picture: the other one's in a talk of two. */
export const pictureOf = (room: RoomView & Pick<MemberRoomView, 'peer'>): string | null =>
  room.kind === 'direct' ? (room.peer?.avatarUrl ?? null) : room.avatarUrl;
