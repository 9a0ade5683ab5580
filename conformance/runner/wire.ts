import { ERROR_CATALOGUE, type ErrorEntry } from '../../src/common/error-catalogue.js';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.js';
import { DEFAULT_ROOM_SETTINGS } from '../../src/protocol/room-views.js';
import { type Json, type JsonObject, type Refusal, type Truth, isObject, merge, textOf } from './vector.js';

const TIME = '2026-01-01T00:00:00.000Z';

/** The user whose client is tested. */
export const ME: JsonObject = {
  id: '#me',
  username: 'me',
  displayName: 'Me',
  avatarUrl: null,
  bio: null,
  role: 'user',
  status: null,
  createdAt: TIME,
  email: null,
  userRev: 1,
  preferences: { contact: 'everybody', receipts: true },
  presence: null,
};

/** What holds unless a vector says otherwise: one room, in which nothing has happened yet. */
export const FIRST_TRUTH: Truth = {
  epoch: 'first',
  userRev: 1,
  limits: {},
  heartbeatMs: 25_000,
  rooms: { '#garden': {} },
  history: {},
};

/** A message with every field that the server sends. */
export function messageView(fields: JsonObject, roomId: Json, rev: number): JsonObject {
  return {
    roomId,
    seq: null,
    rev,
    lastRev: rev,
    kind: 'text',
    senderId: '#ann',
    text: null,
    payload: null,
    replyTo: null,
    attachments: [],
    reactions: [],
    mentions: [],
    pinned: false,
    editedAt: null,
    deletedAt: null,
    createdAt: TIME,
    ...fields,
  };
}

/** A room with every field that the server sends; the counters as they follow from the others. */
export function roomView(id: string, fields: JsonObject): JsonObject {
  return {
    id,
    kind: 'group',
    visibility: 'public',
    name: 'Garden',
    topic: null,
    avatarUrl: null,
    ownerId: null,
    memberCount: 2,
    archivedAt: null,
    settings: { ...DEFAULT_ROOM_SETTINGS },
    createdAt: TIME,
    role: 'member',
    ...standingOf(fields),
    notify: 'all',
    mutedUntil: null,
    alias: null,
    lastMessage: null,
    ...fields,
  };
}

/** Where a room stands for the user. */
export function standingOf(room: JsonObject): JsonObject {
  const { headRev = 0, headSeq = 0, readSeq = 0, readVersion = 0, mentions = 0 } = room;
  return { headRev, headSeq, readSeq, readVersion, unread: Number(headSeq) - Number(readSeq), mentions };
}

/** A frame or an item of `room.changes` in full; vectors leave out what says nothing. */
export function frameOf(short: JsonObject, itemOf?: Json): JsonObject {
  const { event, rev } = short;
  const roomId = short['roomId'] ?? itemOf ?? '#garden';
  const given = isObject(short['data']) ? short['data'] : {};
  if (event === 'room.added') return { ...short, data: roomView(textOf(given['id']), given) };
  if (rev === undefined) return { ...short, data: given };
  const full = { ...short, ...(itemOf ? {} : { roomId, at: TIME }) };
  if (event === 'skip') return full;
  return { ...full, data: dataOf(textOf(event), given, { roomId, rev: Number(rev) }) };
}

function dataOf(event: string, given: JsonObject, { roomId, rev }: { roomId: Json; rev: number }): JsonObject {
  if (event === 'message.reacted') return { lastRev: rev, changes: [], ...given };
  if (event.startsWith('message.')) return messageView({ lastRev: rev, ...given }, roomId, rev);
  const notice = isObject(given['notice']) ? given['notice'] : null;
  if (!notice) return given;
  const { userId = null, byId = null, role = null, memberCount = null } = given;
  const payload = { type: event, userId, byId };
  const full = messageView({ kind: 'notice', senderId: null, payload, ...notice }, roomId, rev);
  const told = event === 'room.updated' ? roomView(textOf(roomId), given) : { userId, byId, role, memberCount };
  return { ...told, notice: full };
}

/** What follows for the truth from a frame, whether the client got it or not. */
export function truthAfter(truth: Truth, frame: JsonObject): Truth {
  const { userRev } = frame;
  if (typeof userRev === 'number') {
    return userRev <= truth.userRev ? truth : { ...truth, userRev, rooms: roomsAfterPrivate(truth.rooms, frame) };
  }
  const roomId = textOf(frame['roomId']);
  const room = truth.rooms[roomId];
  if (!room || frame['rev'] === undefined) return truth;
  return { ...truth, rooms: { ...truth.rooms, [roomId]: roomAfter(room, frame) } };
}

function roomAfter(room: JsonObject, { event, rev, data: told }: JsonObject): JsonObject {
  const data = isObject(told) ? told : {};
  const { headRev = 0, headSeq = 0, readSeq = 0 } = room;
  const seq = Number(data['seq'] ?? 0);
  return {
    ...room,
    ...(event === 'room.updated' && data['name'] ? { name: data['name'] } : {}),
    headRev: Math.max(Number(headRev), Number(rev)),
    headSeq: Math.max(Number(headSeq), seq),
    readSeq: Math.max(Number(readSeq), data['senderId'] === '#me' ? seq : 0),
  };
}

function roomsAfterPrivate(rooms: Truth['rooms'], { event, data: told }: JsonObject): Truth['rooms'] {
  const data = isObject(told) ? told : {};
  if (event === 'room.added') return { ...rooms, [textOf(data['id'])]: data };
  if (event === 'room.gone') return merge(rooms, { [textOf(data['roomId'])]: null }) as Truth['rooms'];
  if (event !== 'read.updated') return rooms;
  const { roomId, unread: _, ...read } = data;
  return merge(rooms, { [textOf(roomId)]: read }) as Truth['rooms'];
}

/** `hello`, as the first frame of a connection. */
export const helloOf = ({ limits, heartbeatMs }: Truth): JsonObject => ({
  event: 'hello',
  data: {
    serverTime: TIME,
    heartbeatMs,
    startWithinMs: DEFAULT_LIMITS.startWithinMs,
    limits: { ...DEFAULT_LIMITS, ...limits },
    features: {},
    minClient: '0',
  },
});

/** `session.ready` for the answer to a `session.start`. */
export const readyOf = ({ epoch, userRev, rooms }: Truth): JsonObject => ({
  connectionId: '#connection',
  sessionId: '#session',
  user: { ...ME, userRev },
  epoch,
  userRev,
  expiresAt: '2099-01-01T00:00:00.000Z',
  rooms: Object.entries(rooms).map(([roomId, room]) => ({ roomId, ...standingOf(room) })),
  more: false,
  reset: false,
});

/** One page of `GET /sync`. */
export const syncOf = ({ epoch, userRev, rooms }: Truth): JsonObject => ({
  epoch,
  userRev,
  rooms: Object.entries(rooms).map(([roomId, room]) => roomView(roomId, room)),
  friends: { requestsIn: 0, requestsOut: 0 },
  unread: 0,
  mentions: 0,
  next: null,
});

/** A refusal as the server words it. */
export function problemOf({ code, ...more }: Refusal): JsonObject {
  const known: Readonly<Record<string, ErrorEntry | undefined>> = ERROR_CATALOGUE;
  const { status, title, retryable } = known[code] ?? { status: 400, title: code, retryable: false };
  return { type: 'about:blank', status, title, retryable, code, traceId: 'kit', ...more };
}
