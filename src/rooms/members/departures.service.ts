import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In } from 'typeorm';
import { toTime } from '../../common/clock.js';
import { placeholders } from '../../database/sql.js';
import type { Tx } from '../../database/tx.js';
import { EventHub } from '../../events/event-hub.js';
import { RoomEdit } from '../room-edits.js';
import { RoomLog } from '../room-log.js';
import { Room } from '../room.entity.js';
import { toRoomView } from '../room.view.js';
import { Successions } from './successions.service.js';

/** Rooms that are locked, changed and stored together. */
const CHUNK = 100;

/** What rooms keep of somebody who may have left them: bans, mutes, when he wrote in slow mode, what mentions him. */
const TRACES = ['room_bans', 'room_mutes', 'room_sends', 'mentions'] as const;

/** What happens in the rooms of somebody who deletes his account. */
@Injectable()
export class Departures implements OnModuleInit {
  constructor(
    private readonly log: RoomLog,
    private readonly successions: Successions,
    private readonly hub: EventHub,
  ) {}

  onModuleInit(): void {
    this.hub.onInTransaction('UserDeleted', (tx, { userId }) => this.leaveAll(tx, userId));
  }

  /**
   * Ends all memberships of a locked user inside `tx`: a `member.left` notice of nobody's making in each room, a new
   * owner where he was it, and direct rooms are archived, since nobody is there to write to. What rooms keep of those
   * who have left goes too. A few statements for a hundred rooms; a room that he owns costs some more.
   */
  async leaveAll(tx: Tx, userId: string): Promise<void> {
    let ids: string[];
    let after = '';
    do {
      const rows = await tx.query<{ roomId: string }>(
        `SELECT roomId FROM room_members WHERE userId = ? AND roomId > ? ORDER BY roomId LIMIT ${CHUNK}`,
        [userId, after],
      );
      ids = rows.map(({ roomId }) => roomId);
      if (ids.length > 0) await this.leave(tx, userId, ids);
      after = ids.at(-1) ?? '';
    } while (ids.length === CHUNK);
    // Last, when no room takes anything of him any more.
    for (const table of TRACES) await tx.execute(`DELETE FROM ${table} WHERE userId = ?`, [userId]);
  }

  private async leave(tx: Tx, userId: string, ids: readonly string[]): Promise<void> {
    const heads = await this.log.lock(tx, ids);
    const owned = await ownedIn(tx, userId, ids);
    const edits = [...heads.values()].map((head) => new RoomEdit(tx, head, new Set()));
    await tx.execute(`DELETE FROM room_members WHERE userId = ? AND roomId IN (${placeholders(ids)})`, [
      userId,
      ...ids,
    ]);
    for (const { head } of edits) {
      this.log.addMemberNotice(head, { type: 'member.left', userId, byId: null, role: null });
    }
    for (const edit of edits) if (owned.has(edit.head.id)) await this.successions.succeed(edit);
    await this.archive(
      tx,
      edits.filter(({ head }) => head.kind === 'direct' && head.archivedAt === null),
    );
    await this.log.save(
      tx,
      edits.map(({ head }) => head),
    );
  }

  private async archive(tx: Tx, edits: readonly RoomEdit[]): Promise<void> {
    if (edits.length === 0) return;
    const rooms = await tx.manager.findBy(Room, { id: In(edits.map(({ head }) => head.id)) });
    const byId = new Map(rooms.map((room) => [room.id, room]));
    for (const { head } of edits) {
      const room = byId.get(head.id);
      if (!room) continue;
      const { at: archivedAt, memberCount } = head;
      await tx.post({ sql: 'UPDATE rooms SET archivedAt = ? WHERE id = ?', parameters: [archivedAt, head.id] });
      const view = toRoomView({ ...room, archivedAt, memberCount });
      this.log.addRoomNotice(head, null, { room: view, fields: { archivedAt: toTime(archivedAt) } });
    }
  }
}

/**
 * Which of these locked rooms the user owns. Read under their locks alone: while they were waited for, an owner who left
 * may have been followed by this very user, without a lock of his row.
 */
async function ownedIn(tx: Tx, userId: string, roomIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ roomId: string }>(
    `SELECT roomId FROM room_members WHERE userId = ? AND roomId IN (${placeholders(roomIds)}) AND role = 'owner'`,
    [userId, ...roomIds],
  );
  return new Set(rows.map(({ roomId }) => roomId));
}
