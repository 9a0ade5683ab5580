import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { fold } from '../common/fold.js';
import type { RoomEdit } from './room-edits.js';
import { RoomLog } from './room-log.js';
import { Room } from './room.entity.js';
import { toRoomView } from './room.view.js';

/** What may change about a room itself. */
export interface RoomFields {
  readonly name?: string;
  readonly topic?: string | null;
  readonly visibility?: 'public' | 'private';
  /** Epoch milliseconds. */
  readonly archivedAt?: number | null;
  readonly ownerId?: string | null;
}

const FIELDS = ['name', 'topic', 'visibility', 'archivedAt', 'ownerId'] as const;

type RoomColumns = Partial<Pick<Room, (typeof FIELDS)[number] | 'nameKey'>>;

/** Changes the room itself, with a notice that names what changed. */
@Injectable()
export class RoomSettings {
  constructor(private readonly log: RoomLog) {}

  /**
   * Writes the fields that differ and appends one `room.updated` notice whose payload holds their new values. Where
   * nothing differs, nothing happens. Rights are the caller's matter.
   */
  async change(edit: RoomEdit, byId: string | null, fields: RoomFields): Promise<void> {
    const { tx, head } = edit;
    const room = await tx.manager.findOneBy(Room, { id: head.id });
    if (!room) throw new ChatError('NOT_FOUND');
    const names = FIELDS.filter((name) => fields[name] !== undefined && fields[name] !== room[name]);
    if (names.length === 0) return;
    const changed: RoomColumns = Object.fromEntries(names.map((name) => [name, fields[name]]));
    if (changed.name) changed.nameKey = fold(changed.name);
    await tx.manager.update(Room, { id: head.id }, changed);
    const view = toRoomView({ ...room, ...changed, memberCount: head.memberCount });
    const told = Object.fromEntries(names.map((name) => [name, view[name]]));
    this.log.addRoomNotice(head, byId, { room: view, fields: told });
  }
}
