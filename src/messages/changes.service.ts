import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { AppConfig } from '../config/app-config.js';
import { READS } from '../database/data-source.js';
import type { RoomChange } from '../events/chat-events.js';
import type { ListChanges } from '../protocol/commands.js';
import type { MemberChange, NoticeType } from '../protocol/events.js';
import type { ChangeView, ChangesView, MessageView, RoomView } from '../protocol/views.js';
import { type ShownMessage, toMessageView } from '../rooms/message.view.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import { RoomAccess } from '../rooms/room-access.js';
import { Room } from '../rooms/room.entity.js';
import { toRoomView } from '../rooms/room.view.js';
import { BlockedMarks, type Viewer } from './blocked-marks.js';
import { MessageQueries, type Stretch } from './message.queries.js';

/** What a reset gives. */
const RESET_ITEMS = 50;
/** UTF-16 units of text in one answer, so that a page of long messages stays far below a socket's queue. */
const TEXT_BUDGET = 300_000;

/**
 * Catch-up: what changed in a room after a rev. A query over the log, not a replay buffer, so it works after any
 * absence, on every node, and after a crash.
 */
@Injectable()
export class ChangesService {
  constructor(
    private readonly config: AppConfig,
    private readonly access: RoomAccess,
    private readonly queries: MessageQueries,
    private readonly marks: BlockedMarks,
    @InjectRepository(Room, READS) private readonly rooms: Repository<Room>,
  ) {}

  /**
   * Changes after `since`, ascending, each with the present state; everything up to `toRev` is covered. `reset`: the
   * gap is too large, or the room no longer reaches back so far, and `items` are the newest 50.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` for somebody who is no member, or is none any more when the room's present
   *   state is read for what changed it
   */
  async list(principal: Principal, { roomId, since, limit }: ListChanges): Promise<ChangesView> {
    const head = await this.access.requireReader(principal, roomId);
    const { changesGap, changesPage } = this.config.limits;
    const headRev = Number(head.headRev);
    const floor = firstVisibleRev(head) - 1;
    const stretch = { roomId, after: Math.max(since, floor), before: headRev + 1 };
    if (since > headRev || since < Number(head.floorRev) || headRev - since > changesGap) {
      const newest = await this.queries.newest({ ...stretch, after: floor }, RESET_ITEMS);
      const items = await this.toItems({ principal, head }, newest);
      return { items, toRev: headRev, headRev, more: false, reset: true };
    }
    const rows = withinBudget(await this.queries.oldest(stretch, Math.min(limit ?? changesPage, changesPage)));
    const toRev = rows.at(-1)?.rev ?? headRev;
    const items = await this.toItems({ principal, head }, rows);
    return { items, toRev, headRev, more: toRev < headRev, reset: false };
  }

  /** The changes of a stretch as live frames have them, for feeds that heal a hole or catch a connection up. */
  async read(principal: Principal, stretch: Stretch, limit: number): Promise<RoomChange[]> {
    if (!principal.isSystem) await this.access.requireReader(principal, stretch.roomId);
    return this.toChanges(principal, stretch.roomId, await this.queries.oldest(stretch, limit));
  }

  private async toItems(viewer: Viewer, rows: readonly ShownMessage[]): Promise<ChangeView[]> {
    const items = (await this.toChanges(viewer.principal, viewer.head.roomId, rows)).map(toItem);
    if (!viewer.head.hasBlocks) return items;
    const messages = items.filter(({ event }) => event === 'message.created').map(({ data }) => data as MessageView);
    const marked = new Map((await this.marks.mark(viewer, messages)).map((view) => [view.id, view]));
    return items.map((item) => ({ ...item, data: marked.get(item.data.id as string) ?? item.data }));
  }

  private async toChanges(principal: Principal, roomId: string, rows: readonly ShownMessage[]): Promise<RoomChange[]> {
    const needsRoom = rows.some((row) => row.payload?.type === 'room.updated');
    const room = needsRoom ? await this.roomFor(principal, roomId) : null;
    return rows.map((row) => toChange(row, room && toRoomView(room)));
  }

  /** The room is newer than the rows: who was removed since they were read may not see it any more. */
  private async roomFor(principal: Principal, roomId: string): Promise<Room> {
    if (principal.isSystem) return this.rooms.findOneByOrFail({ id: roomId });
    return (await this.access.requireMember(principal, roomId)).room;
  }
}

type MemberFacts = Omit<MemberChange, 'notice' | 'memberCount'> & {
  readonly type: NoticeType;
  readonly memberCount?: number;
};

function toChange(row: ShownMessage, room: RoomView | null): RoomChange {
  const at = row.createdAt;
  const view = toMessageView(row);
  if (row.kind === 'text') return { rev: row.rev, event: 'message.created', at, data: view };
  const { type, userId, byId, role, memberCount = null } = row.payload as unknown as MemberFacts;
  if (type === 'room.updated') return { rev: row.rev, event: type, at, data: { ...room, notice: view } };
  const moves = type === 'member.left' || type === 'member.removed' ? { leaves: userId } : {};
  return { rev: row.rev, event: type, at, data: { userId, byId, role, memberCount, notice: view }, ...moves };
}

const toItem = ({ rev, event, data }: RoomChange) => ({ rev, event, data: data as Readonly<Record<string, unknown>> });

/** At least one row, and then as many as the budget holds. */
function withinBudget(rows: readonly ShownMessage[]): readonly ShownMessage[] {
  let left = TEXT_BUDGET;
  const end = rows.findIndex((row, index) => (left -= row.text?.length ?? 0) < 0 && index > 0);
  return end === -1 ? rows : rows.slice(0, end);
}
