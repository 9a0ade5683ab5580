import { type TypeOf, count, named, nullable, object, string, ulid } from './schema.js';

/**
 * A file in a message, or one that waits to be sent. `bytes` and `sha256` are those of what a download gives. In answers
 * `url` and `thumbnailUrl` are signed for the caller's login and good for 15 minutes; in frames they are not, and want a
 * token. Width and height are those of images.
 */
export const attachmentView = named(
  'Attachment',
  object({
    id: ulid,
    name: string,
    mediaType: string,
    bytes: count,
    sha256: string,
    width: nullable(count),
    height: nullable(count),
    url: string,
    thumbnailUrl: nullable(string),
  }),
);
export type AttachmentView = TypeOf<typeof attachmentView>;
