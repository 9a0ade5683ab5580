/** One way to be wrong: a sentence for people, and the only answer it may get. */
export interface Kind {
  readonly sentence: string;
  /** Status and code, as `422 VALIDATION_FAILED`; or what else ends it. */
  readonly answer: string;
}

type Rows = Readonly<Record<string, readonly [sentence: string, answer: string]>>;

const kinds = <const R extends Rows>(rows: R): Readonly<Record<keyof R, Kind>> =>
  Object.fromEntries(Object.entries(rows).map(([name, [sentence, answer]]) => [name, { sentence, answer }])) as Record<
    keyof R,
    Kind
  >;

const INVALID = '422 VALIDATION_FAILED';
const UNREADABLE = '400 BAD_REQUEST';

/** What can be wrong with a JSON object: for the body of every route that takes one, and the data of every command. */
export const FIELD_KINDS = kinds({
  missing: ['A required field is left out, each in turn.', INVALID],
  unknown: ['One field more than is known, at the top and in every object inside.', INVALID],
  unknownMany: ['5,000 fields that are not known: the answer names ten.', INVALID],
  inherited: ['A field with a name that every object inherits, such as `hasOwnProperty`.', INVALID],
  reserved: ['A field named `__proto__`, `constructor` or `prototype`, at the top and deep inside.', UNREADABLE],
  wrongType: ['A value of every JSON type that the field does not have.', INVALID],
  nothing: ['`null` where null does not mean "clear".', INVALID],
  tooLong: ['A text of one character more than fits.', INVALID],
  tooShort: ['An empty text where one is needed.', INVALID],
  noWord: ['A word that is none of those to choose from, and one of them in capitals.', INVALID],
  noId: [
    'An id that is none: any text, lower case, a character too few or too many, too high, `0x10`, `1e3`.',
    INVALID,
  ],
  noFormat: ['A time or an e-mail address that is none.', INVALID],
  outOfRange: ['A number below, above, with a fraction, past 2^53, and past what a double holds.', INVALID],
  noItem: ['A list with one bad item.', INVALID],
  noMap: ['A map with a key or a value that is none.', INVALID],
  twice: ['A field twice, first good, then bad: the last one counts, as `JSON.parse` has it.', INVALID],
  surrogate: ['Half a surrogate pair in a text, and in a name.', UNREADABLE],
  nul: ['NUL in a text, and in a name.', UNREADABLE],
  tooDeep: ['One level of nesting more than is read, and 5,000.', UNREADABLE],
});

/** What else can be wrong with a request, for every route where it applies. */
export const REQUEST_KINDS = kinds({
  pathNoId: ['An id in the path that is none.', INVALID],
  pathTooLong: ['An id in the path of more than 200 characters.', '404 NOT_FOUND'],
  pathUndecodable: ['A path with a broken `%`, or whose bytes are no UTF-8, surrogates among them.', UNREADABLE],
  pathCase: ['A path in capitals, with a slash at its end, or with two slashes in it.', '404 NOT_FOUND'],
  queryUnknown: ['A name in the query that is not known, also where nothing is taken.', INVALID],
  queryInherited: ['A name in the query that every object inherits, `__proto__` among them.', INVALID],
  queryMany: ['200 unknown names in the query: the answer names ten.', INVALID],
  queryMissing: ['A required name of the query is left out.', INVALID],
  queryTwice: ['A name of the query twice.', INVALID],
  queryNoNumber: [
    'A number in the query as `0x10`, `1e3`, ` 1`, `01`, `1.5`, `-1`, 2^53+1, words, or nothing.',
    INVALID,
  ],
  queryOutOfRange: ['A number in the query of one below and one above its bounds.', INVALID],
  queryNoText: ['A text in the query that is empty where one is needed, or one character too long.', INVALID],
  queryNul: ['NUL or a line break in a text of the query.', INVALID],
  queryUndecodable: ['A query with a broken `%`, or whose bytes are no UTF-8, surrogates among them.', UNREADABLE],
  queryNoCursor: ['A cursor that is none, or of another list.', INVALID],
  bodyNone: ['No body where one is needed.', INVALID],
  bodyEmpty: ['A body of no bytes that is said to be JSON.', UNREADABLE],
  bodyNoJson: [
    'A body that is no JSON: cut off, with a comma too many, a comment, `NaN`, a byte order mark twice.',
    UNREADABLE,
  ],
  bodyNoUtf8: [
    'A body whose bytes are no UTF-8: a stray byte, an overlong form, a surrogate, a cut-off character.',
    UNREADABLE,
  ],
  bodyNoObject: ['A body that is `null`, a list, a text, a number or a truth.', INVALID],
  bodyTooLarge: ['A body of one byte more than fits.', '413 PAYLOAD_TOO_LARGE'],
  bodyMedia: [
    'A form, text, XML, JSON of another kind, `application/json;;;`, another charset, or no type at all.',
    '415 UNSUPPORTED_MEDIA',
  ],
  bodyPacked: ['A body in gzip, deflate, br or two of them, whatever is inside.', '415 UNSUPPORTED_MEDIA'],
  method: ['A method that the address does not have: the answer names those it has.', '405 METHOD_NOT_ALLOWED'],
  noToken: [
    'No token, an empty one, one of another scheme, one that is none, one of 8,000 characters.',
    '401 UNAUTHORIZED',
  ],
  keyBad: ['An idempotency key that is empty, too long, not ASCII, or two in one.', INVALID],
});

/** What else can be wrong with a frame, for every command where it applies. */
export const COMMAND_KINDS = kinds({
  noObject: ['Data that is a list, a text, a number or a truth.', INVALID],
  frameNoJson: [
    'A frame that is no JSON: cut off, with a comma too many, a comment, `NaN`, nothing at all.',
    UNREADABLE,
  ],
  frameNoObject: ['A frame that is `null`, a list, a text, a number or a truth.', UNREADABLE],
  frameUnknown: ['A frame with a field besides `id`, `event` and `data`.', UNREADABLE],
  frameNoId: ['An id that is empty, of 65 characters, a number, a list, null, or no valid text.', UNREADABLE],
  event: ['An event in capitals, with a space or a prefix, or that every object inherits.', '400 UNSUPPORTED_EVENT'],
  eventNone: ['No event, or one that is no text.', UNREADABLE],
  notStarted: ['Any command but the start before the start.', '401 NOT_STARTED'],
});

/** What no client library would send: bytes in the place of a request. A bare status is an answer without a body. */
export const HTTP_KINDS = kinds({
  noHttp: ['Words, another protocol or a version that there is not, a method that there is not.', UNREADABLE],
  badHead: ['A head with NUL, a bare CR, a space in a name or before its colon, a folded line.', UNREADABLE],
  noHost: ['HTTP/1.1 without `Host`.', '400'],
  hugeHead: ['A head of more than 16 KiB, in one field, in many, or in the address.', UNREADABLE],
  headTwice: ['`Host`, `Authorization`, `Content-Type`, `Content-Encoding` or `Idempotency-Key` twice.', UNREADABLE],
  badLength: ['A length that is negative, signed, hexadecimal, words, a list or past 2^64.', UNREADABLE],
  lengthTwice: ['Two lengths, or a length and chunks: whoever reads the other one sees another request.', UNREADABLE],
  badCoding: ['A transfer coding that is none, or chunks that are not the last one.', UNREADABLE],
  badChunks: ['Chunks without a size, with one that is none or past 2^64, or not ended as they should be.', UNREADABLE],
  tooMuch: ['A length of a gigabyte without a byte of it, and chunks past what fits.', '413 PAYLOAD_TOO_LARGE'],
  traced: [
    '`TRACE`, `PROPFIND` and `LOCK`, and `POST` to what operators ask: the answer names the methods that there are.',
    '405 METHOD_NOT_ALLOWED',
  ],
  connect: ['`CONNECT`, as to a proxy.', 'closed'],
  expectation: ['An `Expect` of anything but 100-continue.', '417'],
  strangePath: [
    'Dot segments, as they are and escaped; backslashes, parameters, NUL, two slashes, another host.',
    '404 NOT_FOUND',
  ],
  brokenPath: ['A path outside the API that cannot be decoded.', UNREADABLE],
  otherUpgrade: ["An upgrade at another address than the socket's, or to another protocol.", '404'],
  foreignOrigin: [
    'An upgrade from a foreign page: another host, port or scheme, `null`, two origins, the own host as a part.',
    '403',
  ],
  badUpgrade: ['An upgrade without a key, with one that is none, or of another version of the protocol.', '400'],
  slowHead: ['A head that comes a byte at a time, or not at all: 10 seconds.', '408'],
  slowBody: ['A body that comes a byte at a time: 30 seconds with the head.', '408'],
  half: ['A connection that goes away in the middle of a head or a body, or before it reads its answer.', 'closed'],
  refusedAndStays: ['A connection that was refused and does not close its side.', 'closed'],
});

/** What no client library would send: bytes in the place of a WebSocket frame, and how the server closes. */
export const FRAME_KINDS = kinds({
  unmasked: ["A frame of a client's that is not masked.", '1002'],
  reserved: ['A reserved bit, in a text, a fragment or a ping.', '1002'],
  compressed: ['A frame marked as compressed, also where the client offered to compress.', '1002'],
  opcode: ['A kind of frame that there is not: 3 to 7 and 11 to 15.', '1002'],
  fragmentOrder: ['A fragment of no message, and a new message inside of one that is not finished.', '1002'],
  controlTooLong: ['A ping, pong or close of 126 bytes.', '1002'],
  controlInParts: ['A ping, pong or close in fragments.', '1002'],
  closeCode: [
    'A close with a code that may not be sent: 0, 999, 1004 to 1006, 1015, 1016, 2999, 5000, 65535, half a code.',
    '1002',
  ],
  closeReason: ['A close whose reason is no UTF-8.', '1007'],
  binary: ['A binary frame: empty, whole, or in fragments.', '1003'],
  badText: [
    'A text that is no UTF-8: a stray byte, an overlong form, a surrogate, a cut-off character; also across fragments.',
    '1007',
  ],
  tooLarge: ['A text of one byte more than 64 KiB, in one piece and in fragments.', '4207 FRAME_TOO_LARGE'],
  farTooLarge: ['A length above a mebibyte, up to 2^64, before a byte of it has come.', '1009'],
  manyParts: ['2 MB in fragments of one byte, and of none; a message in 5,000 pieces.', '1008'],
  unfinished: [
    'A message, or a frame, whose end does not come for 10 seconds, whatever comes in between.',
    '4205 PROTOCOL_ERROR',
  ],
  afterClose: ['A command behind a close: it is not carried out.', '1000'],
  unread: ['Pings by the megabyte from a peer that reads no answer.', 'closed'],
  cutOff: ['A connection that goes away in the middle of a frame, a message or the start.', 'closed'],
});

export type FrameBytesKind = keyof typeof FRAME_KINDS;
export type HttpKind = keyof typeof HTTP_KINDS;
export type FieldKind = keyof typeof FIELD_KINDS;
export type RequestKind = keyof typeof REQUEST_KINDS;
export type CommandKind = keyof typeof COMMAND_KINDS;
