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
import { firstVisibleRev } from '../rooms/history-access.js';
import { RoomAccess } from '../rooms/room-access.js';
import { Room } from '../rooms/room.entity.js';
import { toRoomView } from '../rooms/room.view.js';
import { type LogEntry, LogReader, toCreated } from './log-reader.js';
import { type Bounded, MessageQueries } from './message.queries.js';
import { MessageViews, type Viewer } from './message-views.service.js';

/** What a reset gives. */
const RESET_ITEMS = 50;

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
    private readonly log: LogReader,
    private readonly views: MessageViews,
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
      const newest = (await this.queries.newest({ ...stretch, after: floor }, RESET_ITEMS)).map(toCreated);
      const items = await this.toItems({ principal, head }, newest);
      return { items, toRev: headRev, headRev, more: false, reset: true };
    }
    const size = Math.min(limit ?? changesPage, changesPage);
    const { entries, toRev } = await this.log.read(stretch, size);
    const shown = entries.filter(({ message }) => message.rev > floor);
    const items = await this.toItems({ principal, head }, shown);
    return { items, toRev, headRev, more: toRev < headRev, reset: false };
  }

  /**
   * The changes of a stretch as live frames have them, for feeds that heal a hole or catch a connection up: at most
   * `limit`, and fewer of long messages. Where their `lastRev` lies beyond the stretch, who left behind its end may not see
   * them.
   */
  async read(principal: Principal, stretch: Bounded, limit: number): Promise<ReadChanges> {
    if (!principal.isSystem) await this.access.requireReader(principal, stretch.roomId);
    const { entries, toRev } = await this.log.read(stretch, limit);
    const { views, lastRev } = await this.views.forEverybody(entries.map(({ message }) => message));
    return { changes: await this.toChanges(principal, entries, views), toRev, lastRev };
  }

  private async toItems(viewer: Viewer, entries: readonly LogEntry[]): Promise<ChangeView[]> {
    const messages = entries.map(({ message }) => message);
    const views = await this.views.show(viewer, messages);
    return (await this.toChanges(viewer.principal, entries, views)).map(toItem);
  }

  private async toChanges(
    principal: Principal,
    entries: readonly LogEntry[],
    views: readonly MessageView[],
  ): Promise<RoomChange[]> {
    const ofRoom = entries.find(({ event }) => event === 'room.updated');
    const room = ofRoom ? await this.roomFor(principal, ofRoom.message.roomId) : null;
    return entries.map((entry, i) => toChange(entry, views[i], room && toRoomView(room)));
  }

  /** The room is newer than the rows: who was removed since they were read may not see it any more. */
  private async roomFor(principal: Principal, roomId: string): Promise<Room> {
    if (principal.isSystem) return this.rooms.findOneByOrFail({ id: roomId });
    return (await this.access.requireMember(principal, roomId)).room;
  }
}

/** All changes of a room up to `toRev`, ascending by rev, and the newest change that anything in them shows. */
export interface ReadChanges {
  readonly changes: readonly RoomChange[];
  readonly toRev: number;
  readonly lastRev: number;
}

type MemberFacts = Omit<MemberChange, 'notice' | 'memberCount'> & {
  readonly type: NoticeType;
  readonly memberCount?: number;
};

function toChange({ rev, event, message }: LogEntry, view: MessageView, room: RoomView | null): RoomChange {
  const at = message.createdAt;
  if (message.rev !== rev)
    return { rev, event, at: message.deletedAt ?? message.editedAt ?? at, data: view, about: message.rev };
  if (message.kind === 'text') return { rev, event, at, data: view };
  const { type, userId, byId, role, memberCount = null } = message.payload as unknown as MemberFacts;
  if (type === 'room.updated') return { rev, event: type, at, data: { ...room, notice: view } };
  const moves = type === 'member.left' || type === 'member.removed' ? { leaves: userId } : {};
  return { rev, event: type, at, data: { userId, byId, role, memberCount, notice: view }, ...moves };
}

const toItem = ({ rev, event, data }: RoomChange) => ({ rev, event, data: data as Readonly<Record<string, unknown>> });
