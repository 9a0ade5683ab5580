import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { fold } from '../common/fold.js';
import { insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import { UserRevs } from '../users/user-revs.service.js';
import type { RoomHead } from './room-head.js';
import { RoomLog } from './room-log.js';
import type { Room } from './room.entity.js';

/** Why somebody is no member any more. */
export type GoneReason = 'left' | 'removed' | 'banned';

/** One change of a locked room on its way; made anew for each attempt of the unit of work. */
export class RoomEdit {
  /** New members, and the rev of the notice that says so (0 where there is none). */
  readonly added: { readonly userId: string; readonly joinedRev: number }[] = [];
  readonly gone: { readonly userId: string; readonly reason: GoneReason }[] = [];

  constructor(
    readonly tx: Tx,
    readonly head: RoomHead,
    /** Those of the locked users whose account is active. */
    readonly active: ReadonlySet<string>,
  ) {}
}

/** Throws `UNAUTHORIZED` where the account that the caller comes in with is not active any more. */
export function requireActive({ active }: RoomEdit, userId: string): void {
  if (!active.has(userId)) throw new ChatError('UNAUTHORIZED');
}

/** What a new room is from the start. */
export type NewRoom = Pick<Room, 'kind' | 'visibility' | 'name' | 'topic' | 'ownerId' | 'directKey' | 'memberCount'>;

/** What a change locks: its room, and the users who may become or cease to be members. */
export interface EditScope {
  readonly roomId: string;
  readonly userIds?: readonly string[];
  /** The room does not exist yet and is stored under `roomId` before it is locked. */
  readonly create?: NewRoom;
}

/** Runs changes of rooms that are not messages: the order of locks, of writes and of what is told is the same for all. */
@Injectable()
export class RoomEdits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly userRevs: UserRevs,
    private readonly log: RoomLog,
    private readonly hub: EventHub,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks the users and then the room, runs `work`, stores the notices that it put into the head and commits. After
   * the commit are told, in this order: `RoomChanged`; `MemberAdded` for each new member; `UserChanged` with
   * `room.gone` for each who is none any more. Only those get a new `userRev`.
   *
   * @param work checks rights under the lock, writes rows and says in the edit who was added and who is gone; may run
   *   more than once
   * @throws ChatError `NOT_FOUND` when there is no such room, and what `work` throws; nothing is stored then. The
   *   driver's unique violation when a new direct room exists already
   */
  run<T>(scope: EditScope, work: (edit: RoomEdit) => Promise<T>): Promise<T> {
    return this.uow.run((tx) => this.runIn(tx, scope, work));
  }

  /** The same as a part of an open transaction, in which no room is locked yet. */
  async runIn<T>(tx: Tx, scope: EditScope, work: (edit: RoomEdit) => Promise<T>): Promise<T> {
    const { roomId, userIds = [], create } = scope;
    const active = await this.userRevs.lock(tx, userIds);
    if (create) await insertRows(tx, 'rooms', [toRow(roomId, create, this.clock.now())]);
    const edit = new RoomEdit(tx, await this.log.lockOne(tx, roomId), active);
    const result = await work(edit);
    await this.store(edit);
    return result;
  }

  private async store({ tx, head, added, gone }: RoomEdit): Promise<void> {
    const roomId = head.id;
    const moved = [...added, ...gone].map(({ userId }) => userId);
    const revs = await this.userRevs.advance(tx, moved);
    const userRevOf = (userId: string) => revs.get(userId) ?? 0;
    await this.log.save(tx, [head]);
    for (const { userId, joinedRev } of added) {
      await this.hub.emit(tx, 'MemberAdded', { userId, userRev: userRevOf(userId), roomId, joinedRev });
    }
    for (const { userId, reason } of gone) {
      const facts = { userId, userRev: userRevOf(userId), left: { roomId } };
      await this.hub.emit(tx, 'UserChanged', { ...facts, event: 'room.gone', data: { roomId, reason } });
    }
  }
}

/** The row of a room in which nothing has happened yet. */
function toRow(id: string, room: NewRoom, now: number): Record<keyof Room, unknown> {
  const numbers = { headRev: 0, headSeq: 0, headAt: now, memberRev: 0, floorRev: 0 };
  const nameKey = room.name === null ? null : fold(room.name);
  const blank = { avatar: null, settings: '{}', archivedAt: null };
  return { id, ...room, nameKey, ...numbers, ...blank, createdAt: now };
}
