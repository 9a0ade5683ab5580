import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { RoomRosters, type RosterMember } from '../rooms/members/roster-store.js';
import { type SlowRoom, SlowMode } from '../rooms/members/slow-mode-store.js';
import type { Message } from '../rooms/message.entity.js';
import { refuseSend, toError } from '../rooms/action-access.js';
import type { RoomHead } from '../rooms/room-head.js';
import { RoomLog } from '../rooms/room-log.js';
import { type Prepared, SendParts } from './send-parts.service.js';
import type { Send, StoredSend } from './send.js';

interface Stored {
  readonly send: Send;
  readonly message: Message;
}

interface Refused {
  readonly send: Send;
  readonly error: ChatError;
}

/** A transaction, or what is committed. */
export type Queryable = Pick<Tx, 'query'>;

type Parts = Exclude<Prepared, ChatError>;

/** Who may write in a room at this moment. Asked once for each send, in their order. */
interface SendRule {
  readonly errorOf: (send: Send) => ChatError | null;
  /** Called when it is to be stored: in slow mode its sender waits from now on. */
  readonly onTaken?: (send: Send) => void;
}

/** The sends of one room on their way to being numbered. */
interface Taking {
  readonly head: RoomHead | undefined;
  readonly rule: SendRule;
  readonly stored: Stored[];
  readonly refused: Refused[];
}

type Heads = ReadonlyMap<string, RoomHead>;

interface Numbered {
  readonly heads: Heads;
  readonly stored: readonly Stored[];
  readonly refused: readonly Refused[];
  readonly slow: readonly SlowRoom[];
}

/** What one flush did with each of its sends. */
export interface FlushResult {
  readonly stored: readonly Stored[];
  /** Refused now, but stored before. */
  readonly repeated: readonly { readonly send: Send; readonly found: StoredSend }[];
  readonly refused: readonly Refused[];
}

/**
 * The transaction of one flush: lock the rooms or take them as this node left them, check each sender, number and
 * store. A send that may not be stored is taken out before numbers are given, so a flush never fails because of one of
 * its sends and no hole is made.
 */
@Injectable()
export class SendBatch {
  constructor(
    private readonly log: RoomLog,
    private readonly rosters: RoomRosters,
    private readonly slow: SlowMode,
    private readonly parts: SendParts,
  ) {}

  /**
   * Repeatable, as every unit of work must be. Throws the unique violation when an id is stored already.
   *
   * @param mayTake whether rooms may be taken as this node left them; all of the flush then travels with its commit
   */
  async write(tx: Tx, sends: readonly Send[], mayTake: boolean): Promise<FlushResult> {
    const rooms = byRoom(sends);
    const hasParts = sends.some((send) => send.hasParts);
    // What messages have beside their text is looked up, and is true for sure only under the lock.
    const taken = mayTake && !hasParts ? this.log.take([...rooms.keys()]) : null;
    const numbered = taken && (await this.number(tx, rooms, taken));
    // A head that is taken as known is only true of what is saved: a refusal needs the lock.
    const isSure = numbered !== null && numbered.refused.length === 0;
    if (isSure) tx.joinCommit();
    const { heads, stored, refused, slow } = isSure
      ? numbered
      : await this.number(tx, rooms, await this.log.lock(tx, [...rooms.keys()]));
    await this.log.save(tx, [...heads.values()]);
    await this.slow.save(tx, slow);
    if (hasParts) {
      const messages = stored.map(({ message }) => message);
      await this.parts.save(tx, messages);
    }
    return { stored, ...(await withoutRepeated(tx, refused)) };
  }

  private async number(tx: Tx, rooms: ReadonlyMap<string, Send[]>, heads: Heads): Promise<Numbered> {
    const stored: Stored[] = [];
    const refused: Refused[] = [];
    const slow: SlowRoom[] = [];
    for (const [roomId, ofRoom] of rooms) {
      const head = heads.get(roomId);
      const rule = await this.ruleOf(tx, head, { sends: ofRoom, slow });
      await this.takeAll(tx, ofRoom, { head, rule, stored, refused });
    }
    return { heads, stored, refused, slow };
  }

  private async takeAll(tx: Tx, sends: readonly Send[], into: Taking): Promise<void> {
    for (const send of sends) {
      // No promise for a send without parts, as nearly all are.
      if (send.hasParts) await this.takeWithParts(tx, send, into);
      else this.take(send, into, { error: into.rule.errorOf(send) });
    }
  }

  private async takeWithParts(tx: Tx, send: Send, into: Taking): Promise<void> {
    const { head, rule } = into;
    if (!head) return this.take(send, into, { error: null });
    const parts = await this.parts.prepare(tx, head, { send, refusal: () => rule.errorOf(send) });
    this.take(send, into, parts instanceof ChatError ? { error: parts } : { error: null, parts });
  }

  private take(send: Send, into: Taking, { error, parts }: { error: ChatError | null; parts?: Parts }): void {
    const { head, rule, stored, refused } = into;
    if (!head || error) return void refused.push({ send, error: error ?? new ChatError('NOT_FOUND') });
    stored.push({ send, message: this.log.addMessage(head, draftOf(send, parts)) });
    rule.onTaken?.(send);
  }

  private async ruleOf(
    tx: Tx,
    head: RoomHead | undefined,
    { sends, slow }: { readonly sends: readonly Send[]; readonly slow: SlowRoom[] },
  ): Promise<SendRule> {
    if (!head) return { errorOf: () => new ChatError('NOT_FOUND') };
    const senders = sends.map((send) => send.userId);
    const roster = await this.rosters.membersOf(tx, head, senders);
    if (head.settings.slowModeSeconds > 0) {
      const room = await this.slow.open(tx, head, senders);
      slow.push(room);
      return slowRule(head, room, roster);
    }
    const errorOf = ({ userId }: Send) => {
      const refusal = refuseSend(head, roster.get(userId) ?? null, head.at);
      return refusal && toError(refusal, head.at);
    };
    return { errorOf };
  }
}

function slowRule(head: RoomHead, room: SlowRoom, roster: ReadonlyMap<string, RosterMember>): SendRule {
  const errorOf = ({ userId }: Send) => {
    const member = roster.get(userId);
    const refusal = refuseSend(head, member ? { ...member, slowUntil: room.freeAt(userId) } : null, head.at);
    return refusal && toError(refusal, head.at);
  };
  const onTaken = ({ userId }: Send) => {
    if (roster.get(userId)?.role === 'member') room.note(userId);
  };
  return { errorOf, onTaken };
}

/** The messages that are stored under the ids of these sends. */
export async function findStored(from: Queryable, sends: readonly Send[]): Promise<ReadonlyMap<string, StoredSend>> {
  if (sends.length === 0) return new Map();
  const ids = sends.map((send) => send.command.id);
  const rows = await from.query<StoredSend>(
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

const draftOf = ({ userId, command, text, bodyHash }: Send, parts: Parts | undefined) => ({
  id: command.id,
  senderId: userId,
  text,
  bodyHash,
  content: parts?.content,
  replyTo: parts?.replyTo,
});
