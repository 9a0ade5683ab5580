import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { afterPrefix, fold } from '../common/fold.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import { READS } from '../database/data-source.js';
import type { MemberRoomView, Page, RoomView } from '../protocol/views.js';
import { RoomAccess } from './room-access.js';
import { type RoomEdit, RoomEdits } from './room-edits.js';
import { type RoomFields, RoomSettings } from './room-settings.js';
import { RoomViews } from './room-views.service.js';
import { Room } from './room.entity.js';
import { toRoomView } from './room.view.js';

/** Which part of a list is asked for. */
export interface PageAsk {
  readonly cursor?: string;
  readonly limit: number;
}

/** Which public rooms are asked for. */
export interface PublicRoomsAsk extends PageAsk {
  readonly query?: string;
}

/** Rooms that exist: reading them and changing what they are. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly access: RoomAccess,
    private readonly views: RoomViews,
    private readonly edits: RoomEdits,
    private readonly settings: RoomSettings,
    @InjectRepository(Room, READS) private readonly rooms: Repository<Room>,
  ) {}

  /** The caller's rooms with his counters, in the order of their ids, which is that of their making. */
  async list(principal: Principal, { cursor, limit }: PageAsk): Promise<Page<MemberRoomView>> {
    const [after] = cursor === undefined ? [''] : decodeCursor(cursor, ['ulid']);
    const rows = await this.views.listOfUser(principal.userId, { after, limit: limit + 1 });
    return toPage(rows, limit, (room) => encodeCursor([room.id]));
  }

  /** Public rooms that are not archived and whose names begin with `query`, in the order of the folded names. */
  async listPublic(_principal: Principal, { query, cursor, limit }: PublicRoomsAsk): Promise<Page<RoomView>> {
    const prefix = fold(query ?? '');
    const [nameKey, id] = cursor === undefined ? [prefix, ''] : decodeCursor(cursor, ['string', 'ulid']);
    const rows = await this.rooms
      .createQueryBuilder('room')
      .where("room.visibility = 'public' AND room.archivedAt IS NULL")
      .andWhere('room.nameKey >= :nameKey AND room.nameKey < :end', { nameKey, end: afterPrefix(prefix) })
      // Says the bound twice, so that MySQL reads two ranges of the index and not every room of that name. The plus
      // means nothing but to SQLite, which would look both up one after the other and sort.
      .andWhere('((room.nameKey = :nameKey AND room.id > :id) OR + room.nameKey > :nameKey)', { id })
      .orderBy({ 'room.nameKey': 'ASC', 'room.id': 'ASC' })
      .limit(limit + 1)
      .getMany();
    const { items, next } = toPage(rows, limit, (room) => encodeCursor([room.nameKey ?? '', room.id]));
    return { items: items.map(toRoomView), next };
  }

  /** A room; with counters for its members. Throws `NOT_FOUND` where the caller may not know of it. */
  async get(principal: Principal, roomId: string): Promise<RoomView | MemberRoomView> {
    const own = await this.views.findOfUser(principal.userId, roomId);
    return own ?? toRoomView((await this.access.requireVisible(principal, roomId)).room);
  }

  /**
   * Changes name, topic, visibility or settings, with one `room.updated` notice; none where nothing differs.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`
   */
  async update(principal: Principal, roomId: string, fields: RoomFields): Promise<MemberRoomView> {
    await this.edits.run({ roomId }, async (edit) => {
      await this.access.requireIn(edit.tx, edit.head, { principal, action: 'room.update' });
      await this.settings.change(edit, principal.byId, fields);
    });
    return this.views.getOfUser(principal.userId, roomId);
  }

  /** Ends all writing and changing in the room, with a notice; repeating it changes nothing. Throws as `update` does. */
  async archive(principal: Principal, roomId: string): Promise<void> {
    await this.setArchived(principal, roomId, ({ head }) => head.archivedAt ?? head.at);
  }

  /** Opens an archived room again, with a notice; repeating it changes nothing. Throws `NOT_FOUND` or `FORBIDDEN`. */
  async unarchive(principal: Principal, roomId: string): Promise<void> {
    await this.setArchived(principal, roomId, () => null);
  }

  private async setArchived(
    principal: Principal,
    roomId: string,
    archivedAt: (edit: RoomEdit) => number | null,
  ): Promise<void> {
    await this.edits.run({ roomId }, async (edit) => {
      await this.access.requireIn(edit.tx, edit.head, { principal, action: 'room.archive' });
      await this.settings.change(edit, principal.byId, { archivedAt: archivedAt(edit) });
    });
  }
}
