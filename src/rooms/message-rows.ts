import { insertLists, insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { MessageChangeEvent } from '../protocol/events.js';
import type { Message } from './message.entity.js';

/** What a new message of a person has; the other columns are null by default, and each is paid by every message. */
const SENT = ['roomId', 'rev', 'id', 'lastRev', 'seq', 'kind', 'senderId', 'text', 'bodyHash', 'createdAt'] as const;
const RICH = [...SENT, 'payload', 'replyToId'] as const;

/**
 * Inserts new messages and notices in order.
 *
 * The driver's unique violation, when an id exists already, may show at the commit.
 */
export async function insertMessages(tx: Tx, messages: readonly Message[]): Promise<void> {
  const isRich = messages.some((message) => message.payload !== null);
  const columns = isRich ? RICH : SENT;
  const lists = messages.map((message) => (isRich ? rich(message) : sent(message)));
  await insertLists(tx, { table: 'messages', columns }, lists);
}

const sent = ({ roomId, rev, id, lastRev, seq, kind, senderId, text, bodyHash, createdAt }: Message): unknown[] => [
  roomId,
  rev,
  id,
  lastRev,
  seq,
  kind,
  senderId,
  text,
  bodyHash,
  createdAt,
];

const rich = (message: Message): unknown[] => [...sent(message), payloadText(message), message.replyToId];

const payloadText = ({ payload }: Message): string | null => (payload === null ? null : JSON.stringify(payload));

/** What became of a message that was sent before. */
export interface ChangedMessage {
  /** The row as it is from then on. */
  readonly message: Message;
  readonly event: MessageChangeEvent;
}

/** Stores messages as they are now, each with its last change, which takes the place of the one before. */
export async function updateMessages(tx: Tx, changed: readonly ChangedMessage[]): Promise<void> {
  for (const { message, event } of changed) {
    const { roomId, rev, id, lastRev, text, editedAt, deletedAt } = message;
    await tx.execute(
      'UPDATE messages SET lastRev = ?, text = ?, payload = ?, editedAt = ?, deletedAt = ? WHERE roomId = ? AND rev = ?',
      [lastRev, text, payloadText(message), editedAt, deletedAt, roomId, rev],
    );
    await tx.execute('DELETE FROM message_changes WHERE messageId = ?', [id]);
    const change = { roomId, rev: lastRev, messageId: id, messageRev: rev, event };
    await insertRows(tx, 'message_changes', [change]);
  }
}
