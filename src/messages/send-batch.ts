import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { RoomRosters } from '../rooms/members/roster-store.js';
import type { Message } from '../rooms/message.entity.js';
import { outsider } from '../rooms/room-access.js';
import type { RoomHead } from '../rooms/room-head.js';
import { RoomLog } from '../rooms/room-log.js';
import type { Send, StoredSend } from './send.js';

interface Stored {
  readonly send: Send;
  readonly message: Message;
}

interface Refused {
  readonly send: Send;
  readonly error: ChatError;
}

/** What one flush did with each of its sends. */
export interface FlushResult {
  readonly stored: readonly Stored[];
  /** Refused now, but stored before. */
  readonly repeated: readonly { readonly send: Send; readonly found: StoredSend }[];
  readonly refused: readonly Refused[];
}

/**
 * The transaction of one flush: lock the rooms, check each sender under the lock, number and store. A send that may
 * not be stored is taken out before numbers are given, so a flush never fails because of one of its sends and no hole
 * is made.
 */
@Injectable()
export class SendBatch {
  constructor(
    private readonly log: RoomLog,
    private readonly rosters: RoomRosters,
  ) {}

  /** Repeatable, as every unit of work must be. Throws the unique violation when an id is stored already. */
  async write(tx: Tx, sends: readonly Send[]): Promise<FlushResult> {
    const heads = await this.log.lock(
      tx,
      sends.map((send) => send.command.roomId),
    );
    const stored: Stored[] = [];
    const refused: Refused[] = [];
    for (const [roomId, ofRoom] of byRoom(sends)) {
      const head = heads.get(roomId);
      const errorOf = await this.refusals(tx, head, ofRoom);
      for (const send of ofRoom) this.take(send, { head, error: errorOf(send), stored, refused });
    }
    await this.log.save(tx, [...heads.values()]);
    return { stored, ...(await withoutRepeated(tx, refused)) };
  }

  private take(
    send: Send,
    into: { head: RoomHead | undefined; error: ChatError | null; stored: Stored[]; refused: Refused[] },
  ): void {
    const { head, error } = into;
    if (head && !error) into.stored.push({ send, message: this.log.addMessage(head, draftOf(send)) });
    else into.refused.push({ send, error: error ?? new ChatError('NOT_FOUND') });
  }

  /** Why a sender may not write in the locked room at this moment, or null. */
  private async refusals(
    tx: Tx,
    head: RoomHead | undefined,
    sends: readonly Send[],
  ): Promise<(send: Send) => ChatError | null> {
    if (!head) return () => new ChatError('NOT_FOUND');
    const senders = sends.map((send) => send.userId);
    const roster = await this.rosters.membersOf(tx, head, senders);
    return ({ userId }) => {
      const member = roster.get(userId);
      if (!member) return outsider(head);
      if (head.archivedAt !== null) return new ChatError('ROOM_ARCHIVED');
      if (member.mutedUntil !== null && member.mutedUntil > head.at) return new ChatError('MUTED');
      return null;
    };
  }
}

/** The messages that are stored under the ids of these sends. */
export async function findStored(tx: Tx, sends: readonly Send[]): Promise<ReadonlyMap<string, StoredSend>> {
  if (sends.length === 0) return new Map();
  const ids = sends.map((send) => send.command.id);
  const rows = await tx.query<StoredSend>(
    `SELECT id, senderId, bodyHash, seq, rev, createdAt FROM messages WHERE id IN (${placeholders(ids)})`,
    ids,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * A refusal means that nothing is stored; so whoever repeats a send that was stored before he lost the right gets the
 * stored answer, not a refusal.
 */
async function withoutRepeated(
  tx: Tx,
  refused: readonly Refused[],
): Promise<Pick<FlushResult, 'repeated' | 'refused'>> {
  const stored = await findStored(
    tx,
    refused.map(({ send }) => send),
  );
  const repeated = refused.flatMap(({ send }) => {
    const found = stored.get(send.command.id);
    return found ? [{ send, found }] : [];
  });
  return { repeated, refused: refused.filter(({ send }) => !stored.has(send.command.id)) };
}

function byRoom(sends: readonly Send[]): ReadonlyMap<string, Send[]> {
  const rooms = new Map<string, Send[]>();
  for (const send of sends) {
    const ofRoom = rooms.get(send.command.roomId);
    if (ofRoom) ofRoom.push(send);
    else rooms.set(send.command.roomId, [send]);
  }
  return rooms;
}

const draftOf = ({ userId, command, bodyHash }: Send) => ({
  id: command.id,
  senderId: userId,
  text: command.text,
  bodyHash,
});
