/**
 * Every limit that a client can meet, with its default and unit. An installation changes one by the environment
 * variable `LIMIT_…` (the name in upper snake case); clients read the ones in force from `hello.limits` and
 * `GET /api/v1/config`.
 */
export const DEFAULT_LIMITS = {
  /** Bytes of one inbound frame. */
  frameBytes: 65_536,
  /** Levels of nesting in an inbound frame or body. */
  frameDepth: 16,
  /** Characters (Unicode code points) of a message's text. */
  textLength: 16_000,
  /** Commands a second and user, long-term. */
  commandsPerSecond: 20,
  /** Commands at once and user. */
  commandsBurst: 40,
  /** Sent messages a second and user, long-term. */
  sendsPerSecond: 5,
  /** Sent messages at once and user. */
  sendsBurst: 10,
  /** REST requests a second and user (before sign-in: and address), long-term. */
  requestsPerSecond: 50,
  /** REST requests at once. */
  requestsBurst: 200,
  /** Connections of one user at the same time. */
  connectionsPerUser: 10,
  /** Connections of one address that have not started yet. */
  connectionsPerAddress: 64,
  /** Connections of all addresses together that have not started yet, and as many that have asked nothing at all. */
  connectionsWaiting: 8192,
  /** Rooms in the cursor of `session.start`. */
  cursorRooms: 500,
  /** Items of one page of changes. */
  changesPage: 200,
  /** Items of any other page. */
  page: 100,
  /** Changes that are served one by one; a larger gap resets the room. */
  changesGap: 500,
  /** Rooms that `session.start` opens. */
  startRooms: 5,
  /** Rooms that one connection has open. */
  openRooms: 64,
  /** Milliseconds from the upgrade to `session.start`. */
  startWithinMs: 10_000,
  /** Milliseconds that a message may take from its first byte to its last. */
  messageWithinMs: 10_000,
  /** Commands of one connection that are not answered yet; at this number reading pauses. */
  commandsInFlight: 32,
  /** Bytes queued to one connection. */
  queueBytes: 1_048_576,
  /** Frames queued to one connection. */
  queueFrames: 512,
  /** Milliseconds that a full queue is borne. */
  queueFullMs: 10_000,
  /** Milliseconds of silence after which the server sends a heartbeat. */
  heartbeatMs: 25_000,
  /** Milliseconds without anything inbound after which a peer counts as gone. */
  silenceMs: 60_000,
  /** Bad frames a minute that one connection may send. */
  badFramesPerMinute: 10,
  /** Bytes of a REST body. */
  bodyBytes: 262_144,
  /** Members named when a room is created. */
  createMembers: 100,
  /** User ids in one look-up. */
  lookupIds: 100,
  /** Sign-ins tried for one account, a minute. */
  loginsPerAccountMinute: 10,
  /** Sign-ins tried from one address, a minute. */
  loginsPerAddressMinute: 60,
  /** Accounts (guests too) made from one address, an hour. */
  accountsPerAddressHour: 60,
} as const satisfies Record<string, number>;

/** The limits in force, by name. */
export type Limits = { readonly [K in keyof typeof DEFAULT_LIMITS]: number };
