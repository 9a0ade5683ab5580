import { ERROR_CODES } from './errors.js';
import { type TypeOf, count, flag, named, nullable, object, oneOf, optional, string, time, ulid } from './schema.js';

/** From where on those who join see a room: from their joining, or from its start. */
export const HISTORY_STARTS = ['joining', 'start'] as const;
export type HistoryStart = (typeof HISTORY_STARTS)[number];

/**
 * How a room is run. `slowModeSeconds`: what a member waits between two messages, 0 where he need not. `readOnly`: only
 * admins and the owner write. `history`: what those see who join from now on.
 */
export const roomSettings = named(
  'RoomSettings',
  object({ slowModeSeconds: count, readOnly: flag, history: oneOf(...HISTORY_STARTS) }),
);
export type RoomSettingsView = TypeOf<typeof roomSettings>;

/** What a room is where nobody set anything else. */
export const DEFAULT_ROOM_SETTINGS: RoomSettingsView = Object.freeze({
  slowModeSeconds: 0,
  readOnly: false,
  history: 'start',
});

/** A link that lets people into a room: its code, and how far it goes. */
export const inviteView = named(
  'Invite',
  object({ code: ulid, roomId: ulid, maxUses: nullable(count), uses: count, expiresAt: nullable(time) }),
);
export type InviteView = TypeOf<typeof inviteView>;

/** What somebody sees of a room before he comes in. */
export const invitePreview = named(
  'InvitePreview',
  object({ name: nullable(string), avatarUrl: nullable(string), topic: nullable(string), memberCount: count }),
);
export type InvitePreview = TypeOf<typeof invitePreview>;

/** What somebody may want to do in a room. */
export const ROOM_ABILITIES = [
  'message.send',
  'message.edit',
  'message.delete',
  'message.pin',
  'message.mentionAll',
  'member.add',
  'member.remove',
  'member.ban',
  'role.change',
  'room.update',
  'room.archive',
  'invite.create',
  'room.leave',
] as const;
export type RoomAbility = (typeof ROOM_ABILITIES)[number];

/** Whether an action is allowed; if not, with which code it would be refused, and until when where that is known. */
export const ability = named(
  'Ability',
  object({ allowed: flag, code: optional(oneOf(...ERROR_CODES)), until: optional(time) }),
);
export type AbilityView = TypeOf<typeof ability>;

/** Every action with whether the caller may do it now. */
export const abilitiesView = named(
  'Abilities',
  object(Object.fromEntries(ROOM_ABILITIES.map((name) => [name, ability])) as Record<RoomAbility, typeof ability>),
);
export type AbilitiesView = TypeOf<typeof abilitiesView>;
