import { toTime, toTimeOrNull } from '../common/clock.js';
import type { MessageView } from '../protocol/views.js';
import type { Message } from './message.entity.js';

/** A message or a notice as it stands in frames and history. */
export function toMessageView(message: Message): MessageView {
  return {
    id: message.id,
    roomId: message.roomId,
    seq: message.seq,
    rev: message.rev,
    lastRev: message.lastRev,
    kind: message.kind,
    senderId: message.senderId,
    text: message.text,
    payload: message.payload,
    replyTo: null,
    attachments: [],
    reactions: [],
    mentions: [],
    pinned: false,
    editedAt: toTimeOrNull(message.editedAt),
    deletedAt: toTimeOrNull(message.deletedAt),
    createdAt: toTime(message.createdAt),
  };
}
