import { type Actor, newUlid } from '../support/world.js';

/** What stands before the call: Ann's private room, her direct room with the caller, and what is in them. */
export interface Scene {
  readonly ann: Actor;
  /** What Ann is called, and nobody else. */
  readonly name: string;
  /** A member of the room. */
  readonly other: Actor;
  readonly caller: Actor;
  readonly roomId: string;
  readonly directId: string;
  readonly messageId: string;
  readonly directMessageId: string;
  /** Of Ann's friend request to the caller. */
  readonly requestId: string;
  /** Of an invite into the room. */
  readonly code: string;
  /** A file with a picture. */
  readonly picture: FormData;
  /** Of a file that Ann sent into the room. */
  readonly attachmentId: string;
  /** Of one that she sent in the direct room. */
  readonly directAttachmentId: string;
}

interface Ask {
  readonly id?: string;
  readonly userId?: string;
  readonly code?: string;
  readonly query?: string;
  readonly body?: unknown;
}

/**
 * What the answer is, and what it shows: `S` the private room's name or what was said there, `D` what Ann said to the
 * caller alone, `A` herself, `O` that she is online.
 */
interface Row {
  readonly ask: (scene: Scene) => Ask;
  /** A member; also one who is invisible. */
  readonly member: string;
  /** Who has left the room or was removed from it. */
  readonly gone: string;
  readonly banned: string;
  /** Whom Ann has blocked. */
  readonly blocked: string;
  /** Who has blocked Ann. */
  readonly blocker: string;
}

/** About the caller alone: what others are to him makes no difference. */
export const ABOUT_ONESELF = [
  'get /users/me',
  'patch /users/me',
  'delete /users/me',
  'get /users/me/export',
  'put /users/me/avatar',
  'delete /users/me/avatar',
  'get /preferences',
  'patch /preferences',
  'post /auth/logout',
  'post /auth/password',
  'get /auth/sessions',
  'delete /auth/sessions',
  'delete /auth/sessions/{id}',
  'post /auth/ws-tickets',
  // What comes on it is said of every kind of event: `realtime/event-matrix.e2e-spec.ts`.
  'get /events',
  'put /presence/me',
  'post /attachments',
];

const row = (ask: Row['ask'], member: string, differs: Partial<Omit<Row, 'ask' | 'member'>> = {}): Row => ({
  ask,
  member,
  gone: member,
  banned: member,
  blocked: member,
  blocker: member,
  ...differs,
});
/** Something in the room, which is not there for who is not in it. */
const inside = (ask: Row['ask'], member: string, differs: Partial<Omit<Row, 'ask' | 'member'>> = {}): Row =>
  row(ask, member, { gone: '404', banned: '404', ...differs });

const room = ({ roomId }: Scene): Ask => ({ id: roomId });
const direct = ({ directId }: Scene): Ask => ({ id: directId });
const anns = ({ ann }: Scene): Ask => ({ userId: ann.id });
const otherInRoom = ({ roomId, other }: Scene): Ask => ({ id: roomId, userId: other.id });
const said = ({ messageId }: Scene): Ask => ({ id: messageId });
const saidToOne = ({ directMessageId }: Scene): Ask => ({ id: directMessageId });
const message = () => ({ id: newUlid(), text: 'hi' });

/** By route; what stands behind `#` tells several calls of one route apart. */
export const ROWS: Readonly<Record<string, Row>> = {
  'get /rooms/{id}': inside(room, '200 SA'),
  'get /rooms': row(() => ({}), '200 SDA', { gone: '200 DA', banned: '200 DA' }),
  'get /rooms/public': row(() => ({ query: '?query=code' }), '200'),
  'post /rooms': row(({ ann }) => ({ body: { name: 'Mine', visibility: 'private', memberIds: [ann.id] } }), '201 A', {
    blocked: '403 BLOCKED',
    blocker: '403 BLOCKED',
  }),
  'post /rooms/direct': row(({ ann }) => ({ body: { userId: ann.id } }), '200 DA'),
  'patch /rooms/{id}': inside((s) => ({ ...room(s), body: { name: 'Mine' } }), '403 FORBIDDEN'),
  'post /rooms/{id}/archive': inside(room, '403 FORBIDDEN'),
  'post /rooms/{id}/unarchive': inside(room, '403 FORBIDDEN'),
  'post /rooms/{id}/join': inside(room, '200 SA'),
  'post /rooms/{id}/leave': inside(room, '204'),
  'post /rooms/{id}/owner': inside((s) => ({ ...room(s), body: { userId: s.caller.id } }), '403 FORBIDDEN'),
  'get /rooms/{id}/members': inside(room, '200 A'),
  'put /rooms/{id}/members/{userId}': inside(
    ({ roomId, caller }) => ({ id: roomId, userId: caller.id, body: { role: 'admin' } }),
    '403 FORBIDDEN',
  ),
  'delete /rooms/{id}/members/{userId}': inside(otherInRoom, '403 FORBIDDEN'),
  'get /rooms/{id}/bans': inside(room, '403 FORBIDDEN'),
  'put /rooms/{id}/bans/{userId}': inside((s) => ({ ...otherInRoom(s), body: {} }), '403 FORBIDDEN'),
  'delete /rooms/{id}/bans/{userId}': inside(
    ({ roomId, caller }) => ({ id: roomId, userId: caller.id }),
    '403 FORBIDDEN',
  ),
  'get /rooms/{id}/abilities': inside(room, '200'),
  'patch /rooms/{id}/me': inside((s) => ({ ...room(s), body: { alias: 'Garden' } }), '200 SA'),
  'put /rooms/{id}/avatar': inside((s) => ({ ...room(s), body: s.picture }), '403 FORBIDDEN'),
  'delete /rooms/{id}/avatar': inside(room, '403 FORBIDDEN'),
  'post /rooms/{id}/invites': inside((s) => ({ ...room(s), body: {} }), '403 FORBIDDEN'),
  'get /rooms/{id}/invites': inside(room, '403 FORBIDDEN'),
  'delete /rooms/{id}/invites': inside(room, '403 FORBIDDEN'),
  'delete /rooms/{id}/invites/{code}': inside(({ roomId, code }) => ({ id: roomId, code }), '403 FORBIDDEN'),
  'get /invites/{code}': row(({ code }) => ({ code }), '200 S', { banned: '403 BANNED' }),
  'post /invites/{code}/accept': row(({ code }) => ({ code }), '200 SA', { banned: '403 BANNED' }),

  'post /rooms/{id}/messages': inside((s) => ({ ...room(s), body: message() }), '201'),
  'post /rooms/{id}/messages # direct': row((s) => ({ ...direct(s), body: message() }), '201', {
    blocked: '403 BLOCKED',
    blocker: '403 BLOCKED',
  }),
  'get /rooms/{id}/messages': inside(room, '200 SA'),
  'get /rooms/{id}/messages # direct': row(direct, '200 DA'),
  'get /messages/{id}': inside(({ messageId }) => ({ id: messageId }), '200 SA'),
  'get /messages/{id} # direct': row(({ directMessageId }) => ({ id: directMessageId }), '200 DA'),
  'patch /messages/{id}': inside((s) => ({ ...said(s), body: { text: 'hey' } }), '403 FORBIDDEN'),
  'patch /messages/{id} # direct': row((s) => ({ ...saidToOne(s), body: { text: 'hey' } }), '403 FORBIDDEN', {
    blocked: '403 BLOCKED',
    blocker: '403 BLOCKED',
  }),
  'delete /messages/{id}': inside(said, '403 FORBIDDEN'),
  'delete /messages/{id} # direct': row(saidToOne, '403 FORBIDDEN'),
  'get /messages/{id}/revisions': inside(said, '200 S'),
  'get /messages/{id}/revisions # direct': row(saidToOne, '200 D'),
  'put /messages/{id}/reactions/{emoji}': inside(said, '200 SA'),
  'put /messages/{id}/reactions/{emoji} # direct': row(saidToOne, '200 DA', {
    blocked: '403 BLOCKED',
    blocker: '403 BLOCKED',
  }),
  'delete /messages/{id}/reactions/{emoji}': inside(said, '204'),
  'delete /messages/{id}/reactions/{emoji} # direct': row(saidToOne, '204', {
    blocked: '403 BLOCKED',
    blocker: '403 BLOCKED',
  }),
  'put /messages/{id}/pin': inside(said, '403 FORBIDDEN'),
  'put /messages/{id}/pin # direct': row(saidToOne, '200 DA', { blocked: '403 BLOCKED', blocker: '403 BLOCKED' }),
  'delete /messages/{id}/pin': inside(said, '403 FORBIDDEN'),
  'delete /messages/{id}/pin # direct': row(saidToOne, '204', { blocked: '403 BLOCKED', blocker: '403 BLOCKED' }),
  'get /rooms/{id}/pins': inside(room, '200'),
  'get /messages/{id}/replies': inside(said, '200'),
  'get /rooms/{id}/integrity': inside(room, '200'),
  'get /attachments/{id}': inside(({ attachmentId }) => ({ id: attachmentId }), '200 S'),
  'get /attachments/{id} # direct': row(({ directAttachmentId }) => ({ id: directAttachmentId }), '200 D'),
  'get /attachments/{id}/thumbnail': row(({ attachmentId }) => ({ id: attachmentId }), '404'),
  'delete /attachments/{id}': row(({ attachmentId }) => ({ id: attachmentId }), '404'),
  'get /search/messages': row(() => ({ query: '?q=4711' }), '200 SA', { gone: '200', banned: '200' }),
  'get /search/messages # direct': row(() => ({ query: '?q=between' }), '200 DA'),
  'get /search/messages # room': inside(({ roomId }) => ({ query: `?q=4711&roomId=${roomId}` }), '200 SA'),
  'get /rooms/{id}/changes': inside((s) => ({ ...room(s), query: '?since=0' }), '200 SA'),
  'post /rooms/{id}/read': inside((s) => ({ ...room(s), body: { readSeq: 1 } }), '200'),
  'get /rooms/{id}/receipts': inside(room, '200 A', { blocked: '200', blocker: '200' }),
  'get /rooms/{id}/receipts # direct': row(direct, '200 A', { blocked: '200', blocker: '200' }),
  'get /rooms/{id}/online': inside(room, '200 AO', { blocked: '200', blocker: '200' }),
  'get /rooms/{id}/online # direct': row(direct, '200 AO', { blocked: '200', blocker: '200' }),
  'get /sync': row(() => ({}), '200 SDA', { gone: '200 DA', banned: '200 DA' }),

  'get /presence': row(({ ann }) => ({ query: `?userIds=${ann.id}` }), '200 AO', {
    blocked: '200 A',
    blocker: '200 A',
  }),
  'get /users/{id}': row(({ ann }) => ({ id: ann.id }), '200 A'),
  'get /users': row(({ name }) => ({ query: `?query=${name}` }), '200 A'),
  'post /users/lookup': row(({ ann }) => ({ body: { ids: [ann.id] } }), '200 A'),

  'get /friends': row(() => ({}), '200'),
  'get /friends/requests': row(() => ({ query: '?direction=incoming' }), '200 DA', { blocked: '200', blocker: '200' }),
  'post /friends/requests': row(({ ann }) => ({ body: { userId: ann.id } }), '201 A', {
    blocked: '403 BLOCKED',
    blocker: '403 BLOCKED',
  }),
  'post /friends/requests/{id}/accept': row(({ requestId }) => ({ id: requestId }), '204', {
    blocked: '404',
    blocker: '404',
  }),
  'post /friends/requests/{id}/decline': row(({ requestId }) => ({ id: requestId }), '204', {
    blocked: '404',
    blocker: '404',
  }),
  'delete /friends/requests/{id}': row(({ requestId }) => ({ id: requestId }), '403 FORBIDDEN', {
    blocked: '404',
    blocker: '404',
  }),
  'patch /friends/{userId}': row((s) => ({ ...anns(s), body: { alias: 'Pal' } }), '404'),
  'delete /friends/{userId}': row(anns, '404'),
  'get /blocks': row(() => ({}), '200', { blocker: '200 A' }),
  'put /blocks/{userId}': row(anns, '200 A'),
  'delete /blocks/{userId}': row(anns, '404', { blocker: '204' }),
};
