import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { type Stop, every } from '../common/timers.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import type { ReadAck, ReadRoom } from '../protocol/commands.js';
import { type OwnSend, ReadPositions, type StoredSend } from '../rooms/members/read-position-store.js';
import { UnreadMentions } from '../rooms/members/unread-mentions-store.js';
import { outsider, RoomAccess } from '../rooms/room-access.js';
import { Room } from '../rooms/room.entity.js';
import { UserRevs } from '../users/user-revs.service.js';
import { type Mark, moves, newsOf, targetOf, toAck } from './read-mark.js';

const STORE_EVERY_MS = 1000;
/** Members whose own sends are stored in one transaction. */
const BATCH = 200;

/** A member of a room. */
interface Place {
  readonly roomId: string;
  readonly userId: string;
}

const keyOf = (roomId: string, userId: string): string => `${roomId}:${userId}`;

/** A mark that moves, and the number of that change. */
interface Moved {
  readonly userRev: number;
  readonly mark: Mark;
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
    private readonly mentions: UnreadMentions,
    private readonly hub: EventHub,
  ) {
    this.stop = every(STORE_EVERY_MS, 'messages.readMarks', () => this.storeOwnSends());
  }

  /**
   * Moves the caller's mark forward; with `unread`, to exactly `readSeq`. A mark below the present one, or with an
   * older `readVersion`, changes nothing. The answer holds the counters in force. Tells `read.updated` to the caller's
   * connections when the mark moved, and `MarkTold`, also of what was only received.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` for somebody who is no member
   */
  async mark(principal: Principal, command: ReadRoom): Promise<ReadAck> {
    const { room, member } = await this.access.requireMember(principal, command.roomId);
    const unmoved = this.toMark({ ...member, headSeq: room.headSeq });
    const ack = moves(unmoved, command) ? await this.move(principal, command) : await this.ackOf(unmoved);
    const news = newsOf(unmoved, command);
    if (news) await this.hub.publish('MarkTold', { roomId: room.id, memberCount: Number(room.memberCount), ...news });
    return ack;
  }

  private move({ userId }: Principal, command: ReadRoom): Promise<ReadAck> {
    return this.uow.run(async (tx) => {
      await this.userRevs.lock(tx, [userId]);
      const mark = await this.current(tx, userId, command.roomId);
      if (!moves(mark, command)) return this.ackOf(mark, tx);
      // Only now: a number without its event would look like a lost one.
      const revs = await this.userRevs.advance(tx, [userId]);
      const readVersion = mark.readVersion + (command.unread ? 1 : 0);
      const moved = { ...mark, readSeq: targetOf(mark, command), readVersion };
      // Not before the commit: what did not become true must not count.
      if (command.unread) tx.onCommit(() => this.positions.setBack({ ...mark, seq: this.positions.ownSeqOf(mark) }));
      await this.store(tx, [{ userRev: revs.get(userId) ?? 0, mark: moved }]);
      return this.ackOf(moved, tx);
    });
  }

  private async ackOf(mark: Mark, from?: Tx): Promise<ReadAck> {
    return toAck(mark, (await this.mentions.of([mark], from))(mark));
  }

  /** Stores the marks that own messages moved. Called once a second, and at the end of the process. */
  async storeOwnSends(): Promise<void> {
    for (let left = this.positions.list(); left.length > 0;) {
      const batch = onePerUser(left);
      this.positions.settle(await this.uow.run((tx) => this.storeBatch(tx, batch)));
      const done = new Set(batch);
      left = left.filter((send) => !done.has(send));
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stop();
    await this.storeOwnSends();
  }

  private async storeBatch(tx: Tx, batch: readonly OwnSend[]): Promise<StoredSend[]> {
    const userIds = batch.map((send) => send.userId);
    await this.userRevs.lock(tx, userIds);
    const marks = await this.find(tx, batch);
    // Who left the room meanwhile has no mark, and gets no number either: without its event it would look lost.
    const members = batch.filter(({ userId, roomId }) => marks.has(keyOf(roomId, userId)));
    const revs = await this.userRevs.advance(
      tx,
      members.map(({ userId }) => userId),
    );
    await this.store(
      tx,
      members.flatMap(({ userId, roomId }) => {
        const [mark, userRev] = [marks.get(keyOf(roomId, userId)), revs.get(userId)];
        return mark && userRev !== undefined ? [{ userRev, mark }] : [];
      }),
    );
    return batch.map((send) => {
      const mark = marks.get(keyOf(send.roomId, send.userId));
      return { ...send, readSeq: mark?.readSeq ?? send.seq, readVersion: mark?.readVersion ?? 0 };
    });
  }

  private async current(tx: Tx, userId: string, roomId: string): Promise<Mark> {
    const mark = (await this.find(tx, [{ roomId, userId }])).get(keyOf(roomId, userId));
    if (mark) return mark;
    const room = await tx.manager.findOneByOrFail(Room, { id: roomId });
    throw outsider(room);
  }

  /** The marks of members with the heads of their rooms, in one statement. */
  private async find(tx: Tx, members: readonly Place[]): Promise<ReadonlyMap<string, Mark>> {
    const rows = await tx.query<Mark>(
      `SELECT m.roomId AS roomId, m.userId AS userId, m.readSeq AS readSeq, m.readVersion AS readVersion,
        m.hiddenSeq AS hiddenSeq, m.deliveredSeq AS deliveredSeq, m.shownReadSeq AS shownReadSeq, r.headSeq AS headSeq
        FROM room_members m JOIN rooms r ON r.id = m.roomId
        WHERE ${members.map(() => '(m.roomId = ? AND m.userId = ?)').join(' OR ')}`,
      members.flatMap(({ roomId, userId }) => [roomId, userId]),
    );
    return new Map(rows.map((row) => [keyOf(row.roomId, row.userId), this.toMark(row)]));
  }

  /** His own newest message counts as read at once, for himself and for others. */
  private toMark(row: Mark): Mark {
    const shownReadSeq = Math.max(Number(row.shownReadSeq ?? 0), this.positions.ownSeqOf(row));
    return {
      roomId: row.roomId,
      userId: row.userId,
      readSeq: this.positions.readSeqOf(row),
      readVersion: Number(row.readVersion),
      headSeq: Number(row.headSeq),
      hiddenSeq: Number(row.hiddenSeq ?? 0),
      deliveredSeq: Math.max(Number(row.deliveredSeq ?? 0), shownReadSeq),
      shownReadSeq,
    };
  }

  private async store(tx: Tx, moved: readonly Moved[]): Promise<void> {
    await tx.postEach(
      'UPDATE room_members SET readSeq = ?, readVersion = ?, deliveredSeq = ?, shownReadSeq = ? WHERE roomId = ? AND userId = ?',
      moved.map(({ mark: { readSeq, readVersion, deliveredSeq, shownReadSeq, roomId, userId } }) => [
        readSeq,
        readVersion,
        deliveredSeq,
        shownReadSeq,
        roomId,
        userId,
      ]),
    );
    const mentionsOf = await this.mentions.of(
      moved.map(({ mark }) => mark),
      tx,
    );
    for (const { userRev, mark } of moved) {
      const data = { roomId: mark.roomId, ...toAck(mark, mentionsOf(mark)) };
      await this.hub.emit(tx, 'UserChanged', { userId: mark.userId, userRev, event: 'read.updated', data });
    }
  }
}

/** Each event of a user has a rev of its own, so a batch holds a user once. */
function onePerUser(sends: readonly OwnSend[]): OwnSend[] {
  const users = new Map<string, OwnSend>();
  for (const send of sends) if (!users.has(send.userId) && users.size < BATCH) users.set(send.userId, send);
  return [...users.values()];
}
