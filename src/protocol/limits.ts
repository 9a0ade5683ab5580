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
  /** Milliseconds for which authors may edit what they sent. */
  editWithinMs: 86_400_000,
  /** Milliseconds for which authors may delete what they sent; admins of a room always may. */
  deleteWithinMs: 172_800_000,
  /** Times that one message is edited. */
  revisions: 100,
  /** Members whom one message mentions. */
  mentions: 50,
  /** Different emoji among the reactions to one message. */
  reactionKinds: 50,
  /** Milliseconds between two times that members are told of reactions to one message. */
  reactionsEveryMs: 1000,
  /** Revs that one checksum over a room's log covers. */
  integrityRange: 10_000,
  /** Messages pinned in one room. */
  roomPins: 100,
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
  /** Milliseconds for which somebody who has gone is still shown: he may be back. */
  presenceGraceMs: 15_000,
  /** Milliseconds without a command of a person's doing after which he is away. */
  awayAfterMs: 300_000,
  /** Milliseconds from one presence frame of a connection to the next. */
  presenceEveryMs: 1000,
  /** Users that one connection watches, its user's friends not counted. */
  presenceWatches: 500,
  /** Milliseconds between two times that a user's last seen is stored. */
  lastSeenEveryMs: 60_000,
  /** Milliseconds between two times that others are told that somebody is writing. */
  typingEveryMs: 3000,
  /** Milliseconds after which somebody who was writing is not any more, unless it is told again. */
  typingLastsMs: 6000,
  /** Members above which nobody is told in a room who is writing, and who has received and read what. */
  quietRoomMembers: 200,
  /** Milliseconds between two times that others are told what somebody has received and read in a room. */
  receiptsEveryMs: 1000,
  /** Bad frames a minute that one connection may send. */
  badFramesPerMinute: 10,
  /** Bytes of a REST body. */
  bodyBytes: 262_144,
  /** Members named when a room is created. */
  createMembers: 100,
  /** Invites of one room that are in force. */
  roomInvites: 100,
  /** Unknown invite codes that one user may try, a minute. */
  inviteGuessesPerMinute: 10,
  /** User ids in one look-up. */
  lookupIds: 100,
  /** Friends of one user. */
  friends: 5000,
  /** Friend requests of one user that wait for an answer. */
  friendRequests: 100,
  /** Friend requests of one user, an hour. */
  friendRequestsPerHour: 60,
  /** Users whom one user has blocked. */
  blocks: 1000,
  /** Bytes of an uploaded picture. */
  pictureBytes: 5_242_880,
  /** Pixels of an uploaded picture: width times height. */
  picturePixels: 40_000_000,
  /** Bytes of an attachment. */
  attachmentBytes: 104_857_600,
  /** Bytes of all attachments of one user. */
  attachmentQuotaBytes: 5_368_709_120,
  /** Attachments of one user, forwarded ones too. */
  attachmentsPerUser: 100_000,
  /** Attachments of one user that wait to be sent. */
  attachmentsUnsent: 100,
  /** Attachments of one message. */
  attachmentsPerMessage: 10,
  /** Files that one user uploads, a minute. */
  uploadsPerMinute: 30,
  /** Attachments that one user loads at the same time. */
  downloadsPerUser: 32,
  /** Milliseconds for which who loads an attachment may stop reading; after at most twice that, it breaks off. */
  downloadStallMs: 30_000,
  /** Archives of one's own data, an hour. */
  exportsPerHour: 10,
  /** Milliseconds for which the reader of such an archive may stop; after at most twice that, it breaks off. */
  exportStallMs: 30_000,
  /** Characters (Unicode code points) of a search. */
  searchLength: 200,
  /** Searches a second and user, long-term. */
  searchesPerSecond: 5,
  /** Searches at once and user. */
  searchesBurst: 30,
  /** Pictures of users that one address loads, and signed links that one user follows, a second, long-term. */
  picturesPerSecond: 100,
  /** Pictures of users that one address loads, and signed links that one user follows, at once. */
  picturesBurst: 1000,
  /** Sign-ins tried for one account, a minute. */
  loginsPerAccountMinute: 10,
  /** Sign-ins tried from one address, a minute. */
  loginsPerAddressMinute: 60,
  /** Accounts (guests too) made from one address, an hour. */
  accountsPerAddressHour: 60,
} as const satisfies Record<string, number>;

/** The limits in force, by name. */
export type Limits = { readonly [K in keyof typeof DEFAULT_LIMITS]: number };
