import { type TypeOf, count, flag, named, nullable, object, optional, string, time, ulid } from './schema.js';

/** What a message said from a time on. */
export const revisionView = named('Revision', object({ no: count, text: nullable(string), createdAt: time }));
export type RevisionView = TypeOf<typeof revisionView>;

/** How often a message has been reacted to with an emoji; `mine` in answers only, since frames are the same for all. */
export const reactionView = named('Reaction', object({ emoji: string, count, mine: optional(flag) }));
export type ReactionView = TypeOf<typeof reactionView>;

/** What a reply answers to. `text` is its beginning as it is now, null of a deleted message. */
export const replyView = named('Reply', object({ id: ulid, senderId: nullable(ulid), text: nullable(string) }));
export type ReplyView = TypeOf<typeof replyView>;

/**
 * What a client compares its copy of a room with: `checksum` is SHA-256, in hex, over a line `rev:id:lastRev\n` for each
 * message and notice from `from` to `to`.
 */
export const integrityView = named(
  'Integrity',
  object({
    roomId: ulid,
    epoch: string,
    headRev: count,
    headSeq: count,
    floorRev: count,
    from: count,
    to: count,
    count,
    checksum: string,
  }),
);
export type IntegrityView = TypeOf<typeof integrityView>;
