import { toTime, toTimeOrNull } from '../common/clock.js';
import type { MemberRoomView, RoomView, UserView } from '../protocol/views.js';
import type { Membership } from './members/memberships.queries.js';
import type { Message } from './message.entity.js';
import { toMessageView } from './message.view.js';
import { settingsOf } from './settings-text.js';
import type { Room } from './room.entity.js';

/** What stands in the address of a made-up picture in place of an id. */
export const MADE_UP = 'made-up';

/** Loads without a token, as `<img>` does; another picture has another address, which only those know to whom it is shown. */
const avatarUrlOf = ({ id, avatar }: Pick<Room, 'id' | 'avatar'>): string =>
  `/api/v1/rooms/${id}/avatar?v=${avatar ?? MADE_UP}`;

/** A room as everybody who may know of it sees it. */
export function toRoomView(room: Room): RoomView {
  return {
    id: room.id,
    kind: room.kind,
    visibility: room.visibility,
    name: room.name,
    topic: room.topic,
    avatarUrl: room.kind === 'group' ? avatarUrlOf(room) : null,
    ownerId: room.ownerId,
    memberCount: room.memberCount,
    archivedAt: toTimeOrNull(room.archivedAt),
    settings: settingsOf(room.settings),
    createdAt: toTime(room.createdAt),
  };
}

/** What a member's view of a room is made of. */
export interface MemberRoomFacts extends Membership {
  /** How far he has read; his newest message may be known here before the room's head was read. */
  readonly readSeq: number;
  /** Messages above it that speak to him. */
  readonly mentions: number;
  /** What stands at the room's newest rev. */
  readonly lastMessage: Message | null;
  /** The other one of a direct room; oneself in the room of notes. */
  readonly peer: UserView | null;
}

/** A room as one member sees it. */
export function toMemberRoomView({ room, member, lastMessage, peer, ...facts }: MemberRoomFacts): MemberRoomView {
  const readSeq = Math.min(facts.readSeq, room.headSeq);
  return {
    ...toRoomView(room),
    role: member.role,
    headRev: room.headRev,
    headSeq: room.headSeq,
    readSeq,
    readVersion: member.readVersion,
    unread: room.headSeq - readSeq,
    mentions: facts.mentions,
    notify: member.notify,
    mutedUntil: toTimeOrNull(member.silentUntil),
    alias: member.alias,
    lastMessage: lastMessage && toMessageView(lastMessage),
    ...(peer ? { peer } : {}),
  };
}

/** `low:high` of the two ids: what makes one direct room of a pair. */
export const directKeyOf = (userId: string, otherId: string): string => [userId, otherId].sort().join(':');

/** The other one of a direct room, the user himself in his room of notes; null for groups. */
export function peerIdOf(room: Pick<Room, 'directKey'>, userId: string): string | null {
  if (room.directKey === null) return null;
  const [low, high] = room.directKey.split(':');
  return low === userId ? high : low;
}
