import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { type Stop, every } from '../common/timers.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import type { ReadAck, ReadRoom } from '../protocol/commands.js';
import { type OwnSend, ReadPositions } from '../rooms/members/read-position-store.js';
import { outsider, RoomAccess } from '../rooms/room-access.js';
import { Room } from '../rooms/room.entity.js';
import { UserRevs } from '../users/user-revs.service.js';

const STORE_EVERY_MS = 1000;
/** Members whose own sends are stored in one transaction. */
const BATCH = 200;

/** A member of a room. */
interface Place {
  readonly roomId: string;
  readonly userId: string;
}

const keyOf = (roomId: string, userId: string): string => `${roomId}:${userId}`;

interface Mark {
  readonly roomId: string;
  readonly readSeq: number;
  readonly readVersion: number;
  readonly headSeq: number;
}

/** How far each member has read. A mark is a number; what is unread is derived from it and never stored. */
@Injectable()
export class ReadMarksService implements OnModuleDestroy {
  private readonly stop: Stop;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: RoomAccess,
    private readonly userRevs: UserRevs,
    private readonly positions: ReadPositions,
    private readonly hub: EventHub,
  ) {
    this.stop = every(STORE_EVERY_MS, 'messages.readMarks', () => this.storeOwnSends());
  }

  /**
   * Moves the caller's mark forward; with `unread`, to exactly `readSeq`. A mark below the present one, or with an
   * older `readVersion`, changes nothing. The answer holds the counters in force. Tells `read.updated` to the caller's
   * connections when the mark moved.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` for somebody who is no member
   */
  async mark(principal: Principal, command: ReadRoom): Promise<ReadAck> {
    const { room, member } = await this.access.requireMember(principal, command.roomId);
    const unmoved = { ...member, readSeq: this.positions.readSeqOf(member), headSeq: room.headSeq };
    if (!moves(unmoved, command)) return toAck(unmoved);
    return this.uow.run(async (tx) => {
      await this.userRevs.lock(tx, [principal.userId]);
      const mark = await this.current(tx, principal.userId, command.roomId);
      if (!moves(mark, command)) return toAck(mark);
      // Only now: a number without its event would look like a lost one.
      const revs = await this.userRevs.advance(tx, [principal.userId]);
      const moved = {
        ...mark,
        readSeq: Math.min(command.readSeq, mark.headSeq),
        readVersion: mark.readVersion + (command.unread ? 1 : 0),
      };
      if (command.unread) this.positions.forget([{ ...moved, userId: principal.userId, seq: Infinity }]);
      await this.store(tx, { userId: principal.userId, userRev: revs.get(principal.userId) ?? 0, mark: moved });
      return toAck(moved);
    });
  }

  /** Stores the marks that own messages moved. Called once a second, and at the end of the process. */
  async storeOwnSends(): Promise<void> {
    for (let left = this.positions.list(); left.length > 0;) {
      const batch = onePerUser(left);
      await this.uow.run((tx) => this.storeBatch(tx, batch));
      this.positions.forget(batch);
      left = left.filter((send) => !batch.includes(send));
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stop();
    await this.storeOwnSends();
  }

  private async storeBatch(tx: Tx, batch: readonly OwnSend[]): Promise<void> {
    const userIds = batch.map((send) => send.userId);
    await this.userRevs.lock(tx, userIds);
    const marks = await this.find(tx, batch);
    // Who left the room meanwhile has no mark, and gets no number either: without its event it would look lost.
    const members = batch.filter(({ userId, roomId }) => marks.has(keyOf(roomId, userId)));
    const revs = await this.userRevs.advance(
      tx,
      members.map(({ userId }) => userId),
    );
    for (const { userId, roomId } of members) {
      const mark = marks.get(keyOf(roomId, userId));
      const userRev = revs.get(userId);
      if (mark && userRev !== undefined) await this.store(tx, { userId, userRev, mark });
    }
  }

  private async current(tx: Tx, userId: string, roomId: string): Promise<Mark> {
    const mark = (await this.find(tx, [{ roomId, userId }])).get(keyOf(roomId, userId));
    if (mark) return mark;
    const room = await tx.manager.findOneByOrFail(Room, { id: roomId });
    throw outsider(room);
  }

  /** The marks of members with the heads of their rooms, in one statement. */
  private async find(tx: Tx, members: readonly Place[]): Promise<ReadonlyMap<string, Mark>> {
    const rows = await tx.query<Place & Mark>(
      `SELECT m.roomId AS roomId, m.userId AS userId, m.readSeq AS readSeq, m.readVersion AS readVersion,
        r.headSeq AS headSeq
        FROM room_members m JOIN rooms r ON r.id = m.roomId
        WHERE ${members.map(() => '(m.roomId = ? AND m.userId = ?)').join(' OR ')}`,
      members.flatMap(({ roomId, userId }) => [roomId, userId]),
    );
    return new Map(rows.map((row) => [keyOf(row.roomId, row.userId), this.toMark(row)]));
  }

  private toMark(row: Place & Mark): Mark {
    const { roomId, readVersion, headSeq } = row;
    const readSeq = this.positions.readSeqOf(row);
    return { roomId, readVersion: Number(readVersion), headSeq: Number(headSeq), readSeq };
  }

  private async store(tx: Tx, change: { userId: string; userRev: number; mark: Mark }): Promise<void> {
    const { userId, userRev, mark } = change;
    const { roomId, readSeq, readVersion } = mark;
    await tx.execute('UPDATE room_members SET readSeq = ?, readVersion = ? WHERE roomId = ? AND userId = ?', [
      readSeq,
      readVersion,
      roomId,
      userId,
    ]);
    await this.hub.emit(tx, 'UserChanged', {
      userId,
      userRev,
      event: 'read.updated',
      data: { roomId, ...toAck(mark) },
    });
  }
}

function moves(mark: Mark, command: ReadRoom): boolean {
  if (command.readVersion !== undefined && command.readVersion < mark.readVersion) return false;
  const readSeq = Math.min(command.readSeq, mark.headSeq);
  return command.unread ? readSeq !== mark.readSeq : readSeq > mark.readSeq;
}

const toAck = ({ readSeq, readVersion, headSeq }: Mark): ReadAck => ({
  readSeq,
  readVersion,
  // A mark of one's own message may be ahead of a head that was read a moment before.
  unread: Math.max(headSeq - readSeq, 0),
  mentions: 0,
});

/** Each event of a user has a rev of its own, so a batch holds a user once. */
function onePerUser(sends: readonly OwnSend[]): OwnSend[] {
  const users = new Map<string, OwnSend>();
  for (const send of sends) if (!users.has(send.userId) && users.size < BATCH) users.set(send.userId, send);
  return [...users.values()];
}
