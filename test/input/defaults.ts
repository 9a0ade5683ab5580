import type { Limits } from '../../src/protocol/limits.js';

/** A test, as `file: name`. */
export type TestRef = string;

/** A default of the stack, what is wanted in its place, and the tests that hold it. */
export interface CorrectedDefault {
  readonly given: string;
  readonly wanted: string;
  readonly tests: readonly TestRef[];
}

const row = (given: string, wanted: string, ...tests: readonly TestRef[]): CorrectedDefault => ({
  given,
  wanted,
  tests,
});

const REST = 'test/input/rest-input.e2e-spec.ts';
const COMMANDS = 'test/input/command-input.e2e-spec.ts';
const HTTP = 'test/input/raw-http.e2e-spec.ts';
const FRAMES = 'test/input/raw-frames.e2e-spec.ts';
const DEFAULTS = 'test/input/defaults.e2e-spec.ts';
const LIMITS = 'test/input/limits.e2e-spec.ts';
const AVATARS = 'test/api/avatars.e2e-spec.ts';
const API_HTTP = 'test/api/http.e2e-spec.ts';
const SOCKET = 'test/realtime/frames.e2e-spec.ts';
const HANDSHAKE = 'test/realtime/handshake.e2e-spec.ts';
const QUEUE = 'src/realtime/connections/outbound-queue.spec.ts';
const INVITES = 'test/api/invites.e2e-spec.ts';
const AUTH = 'test/api/auth.e2e-spec.ts';
const FRIENDS = 'test/api/friends.e2e-spec.ts';
const BEATS = 'src/realtime/connections/heartbeat.service.spec.ts';
const LEASES = 'src/realtime/presence/presence-leases.service.spec.ts';
const TYPING = 'test/realtime/typing.e2e-spec.ts';
const PRESENCE = 'test/api/presence.e2e-spec.ts';
const EDITING = 'test/api/editing.e2e-spec.ts';
const ATTACHMENTS = 'test/api/attachments.e2e-spec.ts';

const kind = (file: string, name: string): TestRef => `${file}: ${name}`;

/** The defaults of the stack that this program corrects, each with its tests. */
export const CORRECTED: readonly CorrectedDefault[] = [
  row(
    'A socket from any `Origin`; guards do not run for connections.',
    'An allow list at the upgrade; nothing runs before `session.start`.',
    kind(HANDSHAKE, 'refuses a foreign origin with 403 and takes the own one'),
    kind(HTTP, 'foreignOrigin'),
    kind(COMMANDS, 'notStarted'),
  ),
  row(
    'Frames to 100 MiB, parsed and sent back in the error.',
    '64 KiB, then 4207; errors never hold input.',
    kind(FRAMES, 'may be as large as a frame'),
    kind(FRAMES, 'tooLarge'),
    kind(FRAMES, 'farTooLarge'),
  ),
  row(
    'Binary frames parsed as JSON; invalid UTF-8, lone surrogates and NUL accepted.',
    '1003, 1007, and 400.',
    kind(FRAMES, 'binary'),
    kind(FRAMES, 'badText'),
    kind(COMMANDS, 'surrogate'),
    kind(COMMANDS, 'nul'),
    kind(REST, 'bodyNoUtf8'),
    kind(REST, 'queryUndecodable'),
  ),
  row(
    '`ws` one security release behind.',
    '8.23.0 or newer, everywhere in the tree.',
    kind(DEFAULTS, 'has one ws, of 8.23.0 or newer'),
  ),
  row(
    '2 MB of fragments become 65 MiB; an unfinished message stays for ever.',
    '1,024 fragments; ten seconds.',
    kind(FRAMES, 'may have 1,024 parts and no more'),
    kind(FRAMES, 'manyParts'),
    kind(FRAMES, 'unfinished'),
    kind(BEATS, 'bears %s up to its limit, and no longer'),
  ),
  row(
    'A reader that stops takes as much memory as is sent.',
    'A bounded queue; pings that pile up end the connection.',
    kind(QUEUE, 'stays within its bounds whatever comes, and tells the newest rev of each room'),
    kind(SOCKET, 'gets room.stale in place of what he missed, and costs the others nothing'),
    kind(FRAMES, 'unread'),
  ),
  row(
    'An exception in a timer ends the process.',
    'It is logged, and the timer goes on; lint refuses bare timers.',
    kind('src/common/timers.spec.ts', 'that %s is logged, and runs again in its time'),
  ),
  row(
    'Slow heads live for 60 to 90 seconds.',
    'Ten seconds for a head, 30 in all, looked at once a second.',
    kind(HTTP, 'has 10 seconds for its head and 30 in all, looked at once a second'),
    kind(HTTP, 'slowHead'),
    kind(API_HTTP, 'closes on a head that does not come to its end within 10 seconds'),
  ),
  row(
    '`0x10`, `1e3` and ` 1` are read as ids, and 2^53+1 as another one.',
    'Ids are ULIDs, matched before anything converts them; numbers in a query are plain digits.',
    kind(REST, 'pathNoId'),
    kind(REST, 'noId'),
    kind(REST, 'queryNoNumber'),
    kind(DEFAULTS, 'takes the highest ULID and not the one above'),
  ),
  row(
    'Optional fields let null through.',
    'Absent only, or null where null means "clear".',
    kind(REST, 'nothing'),
    kind(DEFAULTS, 'takes null where it clears, and refuses it elsewhere'),
  ),
  row(
    'About 5,000 nested levels are a fault of the server.',
    '16 levels, looked at first; then 400.',
    kind(REST, 'tooDeep'),
    kind(COMMANDS, 'tooDeep'),
    kind(DEFAULTS, 'reads 16 levels of nesting and not 17'),
  ),
  row(
    'Form bodies and `application/json;;;` accepted on JSON routes; packed bodies taken for plain ones.',
    '415.',
    kind(REST, 'bodyMedia'),
    kind(REST, 'bodyPacked'),
    kind(API_HTTP, 'of type %s is read'),
  ),
  row(
    '`__proto__` and `constructor` pass as keys.',
    'Refused, and so are names that every object inherits.',
    kind(REST, 'reserved'),
    kind(REST, 'inherited'),
    kind(REST, 'queryInherited'),
    kind(COMMANDS, 'reserved'),
  ),
  row(
    '5,000 unknown keys give 5,000 errors.',
    'The first ten.',
    kind(REST, 'unknownMany'),
    kind(DEFAULTS, 'names ten faults of ten, and ten of eleven'),
  ),
  row(
    '`X-Powered-By`, no security headers, 404 for a wrong method, paths without regard to case.',
    'Helmet; 405 with `Allow`; strict paths.',
    kind(API_HTTP, 'carries the headers that keep browsers strict, refusals too'),
    kind(REST, 'method'),
    kind(REST, 'pathCase'),
    kind(HTTP, 'strangePath'),
  ),
  row(
    'Names of uploads keep CR and LF; the type a client says is believed.',
    'Forms are taken by the routes that say so; the first bytes tell what a file is; its name is one clean line.',
    kind(REST, 'bodyMedia'),
    kind(DEFAULTS, 'describes forms on the routes that take a file, and on no other'),
    kind(AVATARS, 'takes %s and keeps two sizes of it'),
    kind(ATTACHMENTS, '%s is told by its bytes'),
    kind(ATTACHMENTS, 'keeps control characters out of the name in %j'),
  ),
  row(
    'A token is checked with a secret that is a text: 2,600 a second.',
    'A `KeyObject`.',
    kind(DEFAULTS, 'keeps its secrets as key objects'),
  ),
  row(
    'InnoDB repeats its reads: reading the highest number and inserting the next loses updates.',
    'A counter row that is locked; the numbers are unique.',
    kind('test/database/mysql-faults.e2e-spec.ts', 'reads what others have committed while a transaction runs'),
    kind(DEFAULTS, 'gives sends of the same instant numbers without a hole'),
  ),
];

/** Where each limit is tested at the limit and one past it. */
export const LIMIT_TESTS: Readonly<Record<keyof Limits, TestRef>> = {
  frameBytes: kind(SOCKET, 'takes 64 KiB and closes 4207 above'),
  frameDepth: kind(LIMITS, 'holds for a frame: it is the first level, its data the second'),
  textLength: kind(LIMITS, 'is counted in characters, over REST and socket'),
  editWithinMs: kind(EDITING, 'is taken until editWithinMs have passed'),
  deleteWithinMs: kind(EDITING, 'is taken from its author until deleteWithinMs have passed, and by admins afterwards'),
  revisions: kind(EDITING, 'is taken as often as revisions says and not once more'),
  mentions: kind('test/api/mentions.e2e-spec.ts', 'are of so many members and not of one more'),
  reactionKinds: kind(EDITING, 'are of reactionKinds different emoji and not of one more'),
  reactionsEveryMs: kind(EDITING, 'are one change in reactionsEveryMs, whatever their number'),
  integrityRange: kind('test/api/integrity.e2e-spec.ts', 'covers integrityRange revs and not one more'),
  roomPins: kind(EDITING, 'holds roomPins and not one more'),
  commandsPerSecond: kind(LIMITS, 'of commands: commandsBurst at once, then commandsPerSecond'),
  commandsBurst: kind(LIMITS, 'of commands: commandsBurst at once, then commandsPerSecond'),
  sendsPerSecond: kind(LIMITS, 'of sends: sendsBurst at once, then sendsPerSecond'),
  sendsBurst: kind(LIMITS, 'of sends: sendsBurst at once, then sendsPerSecond'),
  requestsPerSecond: kind(LIMITS, 'of requests: requestsBurst at once, then requestsPerSecond'),
  requestsBurst: kind(LIMITS, 'of requests: requestsBurst at once, then requestsPerSecond'),
  connectionsPerUser: kind(SOCKET, 'closes 4203 for a connection too many of a user'),
  connectionsPerAddress: kind(
    SOCKET,
    'keeps places for those who start: more waiting ones of an address get 429, and late ones 4100',
  ),
  connectionsWaiting: kind(
    SOCKET,
    'make way for one that does, the oldest first; those that have started are not touched',
  ),
  cursorRooms: kind(LIMITS, 'are taken, and no more; as many are told of'),
  changesPage: kind(LIMITS, 'is the most that is asked for and given, over REST and socket'),
  page: kind(LIMITS, 'is the most that a list gives, where it is %s'),
  changesGap: kind(LIMITS, 'is served, and one more is a reset'),
  startRooms: kind(LIMITS, 'are opened at the start, and no more'),
  openRooms: kind(LIMITS, 'may be open on a connection, and no more; one that is closed makes place'),
  startWithinMs: kind(BEATS, 'bears one that has not started up to the limit, and no longer'),
  messageWithinMs: kind(BEATS, 'bears %s up to its limit, and no longer'),
  commandsInFlight: kind(
    'src/realtime/connections/command-queue.spec.ts',
    'pauses at 32 unanswered commands, takes those that are on their way, and resumes at half',
  ),
  queueBytes: kind(QUEUE, 'stays within its bounds whatever comes, and tells the newest rev of each room'),
  queueFrames: kind(QUEUE, 'is bounded by the number of frames too'),
  queueFullMs: kind(BEATS, 'bears a full queue up to its limit, and no longer'),
  heartbeatMs: kind(BEATS, 'beats and pings when it has been quiet for as long as the limit says, not before'),
  silenceMs: kind(BEATS, 'bears %s up to its limit, and no longer'),
  presenceGraceMs: kind(LEASES, 'shows who has gone up to the grace, and no longer'),
  awayAfterMs: kind(LEASES, 'shows who does nothing as away from the limit on, and no earlier'),
  typingEveryMs: kind(TYPING, 'is told at most once in its time, and its end once'),
  typingLastsMs: kind(TYPING, 'is told at most once in its time, and its end once'),
  quietRoomMembers: kind(TYPING, 'is told in rooms up to the limit, and not above'),
  receiptsEveryMs: kind(
    'test/realtime/receipts.e2e-spec.ts',
    'are the latest of many marks, one in the time of the limit',
  ),
  presenceEveryMs: kind(
    'test/realtime/presence.e2e-spec.ts',
    'costs a watcher no more than one frame in the time of the limit, and ends with what is true',
  ),
  presenceWatches: kind(
    LIMITS,
    'may be watched by a connection, and no more; one that is not watched any more makes place',
  ),
  lastSeenEveryMs: kind(PRESENCE, 'is stored at most once in the time that the limit says'),
  badFramesPerMinute: kind(SOCKET, 'closes 4205 at the tenth bad frame in a minute'),
  bodyBytes: kind(API_HTTP, 'may be as large as the limit and no larger'),
  createMembers: kind(LIMITS, 'may be named when a room is made, and no more'),
  roomInvites: kind(INVITES, 'are in force at most as many as the limit says'),
  inviteGuessesPerMinute: kind(INVITES, 'slow down who guesses, also with the right code'),
  lookupIds: kind('test/api/users.e2e-spec.ts', 'bounds a look-up, at the limit and one past it'),
  friends: kind(FRIENDS, 'of friends: may be as many as the limit on both sides, and no more'),
  friendRequests: kind(
    FRIENDS,
    'of requests: may be open up to the limit, and no more; one that is taken back makes place',
  ),
  friendRequestsPerHour: kind(FRIENDS, 'of requests: are as many as the limit in an hour, and no more'),
  blocks: kind(FRIENDS, 'of blocks: may be as many as the limit, and no more; one that is ended makes place'),
  pictureBytes: kind(AVATARS, 'is none at the limit: what is exactly as large is looked at'),
  picturePixels: kind(AVATARS, 'of uploads: as many a minute as the limit says; sizes hold whatever LIMITS says'),
  attachmentBytes: kind(ATTACHMENTS, 'is none at the limit'),
  attachmentQuotaBytes: kind(ATTACHMENTS, 'of bytes a user: as many as the quota says, and no more'),
  attachmentsPerUser: kind(
    ATTACHMENTS,
    'of attachments a user: as many as the limit says, forwarded ones too, and no more',
  ),
  attachmentsUnsent: kind(ATTACHMENTS, 'of attachments that wait to be sent: as many as the limit says, and no more'),
  attachmentsPerMessage: kind(
    'test/api/attachment-rights.e2e-spec.ts',
    'may be as many in a message as the limit says, and no more',
  ),
  uploadsPerMinute: kind(AVATARS, 'of uploads: as many a minute as the limit says; sizes hold whatever LIMITS says'),
  downloadsPerUser: kind(ATTACHMENTS, 'of downloads at a time: as many of a user as the limit says, and no more'),
  downloadStallMs: kind(ATTACHMENTS, 'break off for who stops reading, so that others get theirs'),
  exportsPerHour: kind('test/api/accounts.e2e-spec.ts', 'is given as often in an hour as the limit says'),
  exportStallMs: kind('test/api/accounts.e2e-spec.ts', 'breaks off for who stops reading, so that others get theirs'),
  searchLength: kind(LIMITS, 'is counted in characters'),
  searchesPerSecond: kind(LIMITS, 'of searches: searchesBurst at once, then searchesPerSecond'),
  searchesBurst: kind(LIMITS, 'of searches: searchesBurst at once, then searchesPerSecond'),
  picturesPerSecond: kind(
    AVATARS,
    'of pictures that are loaded: picturesBurst at once from an address, beside its requests',
  ),
  picturesBurst: kind(
    AVATARS,
    'of pictures that are loaded: picturesBurst at once from an address, beside its requests',
  ),
  loginsPerAccountMinute: kind(
    AUTH,
    'refuses one sign-in too many for an account, also with the right password, until time has passed',
  ),
  loginsPerAddressMinute: kind(AUTH, 'refuses one sign-in too many from an address, whatever the accounts'),
  accountsPerAddressHour: kind(AUTH, 'refuses one account too many from an address, guests counted too'),
};
