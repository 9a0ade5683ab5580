import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { fold } from '../common/fold.js';
import type { RoomSettingsView } from '../protocol/room-views.js';
import { SlowMode } from './members/slow-mode-store.js';
import type { RoomEdit } from './room-edits.js';
import { RoomLog } from './room-log.js';
import { Room } from './room.entity.js';
import { toRoomView } from './room.view.js';
import { settingsOf, toStored } from './settings-text.js';

/** What may change about a room itself. */
export interface RoomFields {
  readonly name?: string;
  readonly topic?: string | null;
  readonly visibility?: 'public' | 'private';
  /** What is left out stays. */
  readonly settings?: Partial<RoomSettingsView>;
  /** Epoch milliseconds. */
  readonly archivedAt?: number | null;
  readonly ownerId?: string | null;
  /** The id of a picture. */
  readonly avatar?: string | null;
}

const FIELDS = ['name', 'topic', 'visibility', 'settings', 'archivedAt', 'ownerId', 'avatar'] as const;

type RoomColumns = Partial<Pick<Room, (typeof FIELDS)[number] | 'nameKey'>>;

/** Changes the room itself, with a notice that names what changed. */
@Injectable()
export class RoomSettings {
  constructor(
    private readonly log: RoomLog,
    private readonly slow: SlowMode,
  ) {}

  /**
   * Writes the fields that differ and appends one `room.updated` notice whose payload holds their new values. Where
   * nothing differs, nothing happens. Rights are the caller's matter.
   */
  async change(edit: RoomEdit, byId: string | null, fields: RoomFields): Promise<void> {
    const { tx, head } = edit;
    const room = await tx.manager.findOneBy(Room, { id: head.id });
    if (!room) throw new ChatError('NOT_FOUND');
    const wanted = { ...fields, settings: changed(room.settings, fields.settings) };
    const names = FIELDS.filter((name) => wanted[name] !== undefined && wanted[name] !== room[name]);
    if (names.length === 0) return;
    const columns: RoomColumns = Object.fromEntries(names.map((name) => [name, wanted[name]]));
    if (columns.name) columns.nameKey = fold(columns.name);
    await tx.manager.update(Room, { id: head.id }, columns);
    const view = toRoomView({ ...room, ...columns, memberCount: head.memberCount });
    if (head.settings.slowModeSeconds > 0 && view.settings.slowModeSeconds === 0) await this.slow.forget(tx, head.id);
    const told = Object.fromEntries(names.map(toldAs).map((name) => [name, view[name]]));
    this.log.addRoomNotice(head, byId, { room: view, fields: told });
  }
}

/** The field of the view that shows a field of the room. */
const toldAs = (name: (typeof FIELDS)[number]) => (name === 'avatar' ? 'avatarUrl' : name);

/** What is to be stored, or undefined where nothing differs. */
function changed(
  stored: Partial<RoomSettingsView>,
  ask: Partial<RoomSettingsView> | undefined,
): Partial<RoomSettingsView> | undefined {
  if (!ask) return undefined;
  const before = settingsOf(stored);
  const given = Object.entries(ask).filter(([, value]) => value !== undefined);
  const after = { ...before, ...(Object.fromEntries(given) as Partial<RoomSettingsView>) };
  const names = Object.keys(after) as (keyof RoomSettingsView)[];
  return names.some((name) => after[name] !== before[name]) ? toStored(after) : undefined;
}
