import { ChatError } from '../common/chat-error.js';
import type { ContactBar } from '../friends/friends-access.js';
import type { ErrorCode } from '../protocol/errors.js';
import type { RoomAbility, RoomSettingsView } from '../protocol/room-views.js';
import type { MemberRole } from '../protocol/views.js';
import { type RoomAction, canAct } from './room-permissions.js';

/** What the rules ask of a room. */
export interface RoomFacts {
  readonly kind: 'group' | 'direct';
  readonly visibility: 'public' | 'private';
  readonly archivedAt: number | null;
  readonly settings: RoomSettingsView;
}

/** What they ask of a member. */
export interface CallerFacts {
  readonly role: MemberRole;
  /** Epoch milliseconds; an end that has passed is none. */
  readonly mutedUntil: number | null;
  /** Why he may not write to the other one of a direct room. */
  readonly bar?: ContactBar | null;
  /** When he may write again in a room in slow mode, where that is known. */
  readonly slowUntil?: number;
}

/** Why an action is not allowed, and until when where it is a matter of time. */
export interface Refusal {
  readonly code: ErrorCode;
  /** Epoch milliseconds. */
  readonly until?: number;
}

/**
 * Whether the caller (null: no member) may do an action at a moment. One function for each action: the call that does it
 * and `GET /rooms/:id/abilities` ask the same one.
 */
export type Rule = (room: RoomFacts, caller: CallerFacts | null, at: number) => Refusal | null;

const no = (code: ErrorCode): Refusal => Object.freeze({ code });
const FORBIDDEN = no('FORBIDDEN');
const NOT_FOUND = no('NOT_FOUND');
const BANNED = no('BANNED');
const ARCHIVED = no('ROOM_ARCHIVED');
const READ_ONLY = no('ROOM_READ_ONLY');
const BARS: Readonly<Record<ContactBar, Refusal>> = { BLOCKED: no('BLOCKED'), CONTACT_CLOSED: no('CONTACT_CLOSED') };

/** The refusal for somebody who is no member. */
export const refuseOutsider = ({ visibility }: Pick<RoomFacts, 'visibility'>): Refusal =>
  visibility === 'public' ? FORBIDDEN : NOT_FOUND;

/** Whether somebody may change what he wrote: he may write, but need not wait. */
const refuseWriting: Rule = (room, caller, at) => {
  if (!caller) return refuseOutsider(room);
  if (room.archivedAt !== null) return ARCHIVED;
  if (caller.bar) return BARS[caller.bar];
  if (caller.mutedUntil !== null && caller.mutedUntil > at) return { code: 'MUTED', until: caller.mutedUntil };
  return caller.role === 'member' && room.settings.readOnly ? READ_ONLY : null;
};

/** Whether somebody may write now. Asked for every message: it makes nothing where nothing is refused. */
export const refuseSend: Rule = (room, caller, at) => {
  const refusal = refuseWriting(room, caller, at);
  if (refusal || caller?.role !== 'member' || (caller.slowUntil ?? 0) <= at) return refusal;
  return { code: 'SLOW_MODE', until: caller.slowUntil };
};

/** Whether somebody may react to a message: where only admins write, too. */
const refuseReacting: Rule = (room, caller, at) =>
  refuseWriting({ ...room, settings: { ...room.settings, readOnly: false } }, caller, at);

/** An action that asks for a role, which nobody has in a direct room; `always`: in an archived room too. */
const byRole =
  (action: RoomAction, always = false): Rule =>
  (room, caller) => {
    if (!caller) return refuseOutsider(room);
    if (room.kind === 'direct' || !canAct(caller.role, action)) return FORBIDDEN;
    return room.archivedAt === null || always ? null : ARCHIVED;
  };

/** The rule of every action in a room. */
export const ROOM_RULES = {
  'message.send': refuseSend,
  'message.edit': refuseWriting,
  'message.delete': (room, caller) => {
    if (!caller) return refuseOutsider(room);
    return room.archivedAt === null ? null : ARCHIVED;
  },
  'message.deleteAny': byRole('message.deleteAny'),
  'message.react': refuseReacting,
  'message.pin': (room, caller, at) =>
    room.kind === 'direct' ? refuseWriting(room, caller, at) : byRole('message.pin')(room, caller, at),
  'message.mentionAll': (room, caller, at) =>
    byRole('message.mentionAll')(room, caller, at) ?? refuseSend(room, caller, at),
  'member.add': byRole('member.add'),
  'member.remove': byRole('member.remove'),
  'member.ban': byRole('member.ban'),
  'member.mute': byRole('member.mute'),
  'role.change': byRole('role.change'),
  'room.update': byRole('room.update'),
  'room.archive': byRole('room.archive', true),
  'room.handOver': byRole('room.handOver'),
  'invite.create': byRole('invite.create'),
  'room.leave': (room, caller) => {
    if (!caller) return refuseOutsider(room);
    return room.kind === 'direct' ? FORBIDDEN : null;
  },
} as const satisfies Record<RoomAbility | RoomAction | 'message.react', Rule>;

/** The name of an action in a room, noun.verb. */
export type RoomRule = keyof typeof ROOM_RULES;

/** Whether somebody may not come in at a moment; a ban whose end has passed is none. */
export function refuseBanned(ban: { readonly until: number | null } | null, at: number): Refusal | null {
  if (!ban || (ban.until !== null && ban.until <= at)) return null;
  return ban.until === null ? BANNED : { code: 'BANNED', until: ban.until };
}

/** The error that a refusal means at a moment. */
export function toError({ code, until }: Refusal, at: number): ChatError {
  if (code === 'SLOW_MODE' && until !== undefined) return new ChatError(code, { retryAfterMs: until - at });
  return new ChatError(code, until === undefined ? {} : { until });
}
