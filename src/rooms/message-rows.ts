import { insertLists } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { Message } from './message.entity.js';

/** What a new message of a person has; the other columns are null by default, and each is paid by every message. */
const SENT = ['roomId', 'rev', 'id', 'lastRev', 'seq', 'kind', 'senderId', 'text', 'bodyHash', 'createdAt'] as const;
const NOTICE = [...SENT, 'payload'] as const;

/**
 * Inserts new messages and notices in order.
 *
 * The driver's unique violation, when an id exists already, may show at the commit.
 */
export async function insertMessages(tx: Tx, messages: readonly Message[]): Promise<void> {
  const hasNotice = messages.some((message) => message.payload !== null);
  const columns = hasNotice ? NOTICE : SENT;
  const lists = messages.map((message) => (hasNotice ? [...sent(message), payload(message)] : sent(message)));
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

const payload = (message: Message): string | null =>
  message.payload === null ? null : JSON.stringify(message.payload);
