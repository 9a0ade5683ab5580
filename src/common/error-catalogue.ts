import type { ErrorCode } from '../protocol/errors.js';

/** What a code means everywhere. `retryable`: the same request may succeed later, unchanged. */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
}

const entry = (status: number, title: string): ErrorEntry => ({ status, title, retryable: false });
const passing = (status: number, title: string): ErrorEntry => ({ status, title, retryable: true });

/** Every error code with its status and text; the source of answers and of `docs/errors.md`. */
export const ERROR_CATALOGUE = {
  BAD_REQUEST: entry(400, 'The request could not be read.'),
  UNSUPPORTED_EVENT: entry(400, 'There is no such command.'),
  UNAUTHORIZED: entry(401, 'Sign in first.'),
  NOT_STARTED: entry(401, 'The session has not been started.'),
  FORBIDDEN: entry(403, 'You may not do this.'),
  BLOCKED: entry(403, 'One of you has blocked the other.'),
  CONTACT_CLOSED: entry(403, 'This user is written to and added to rooms by friends only, or by nobody.'),
  MUTED: entry(403, 'You are muted in this room.'),
  BANNED: entry(403, 'You are banned from this room.'),
  ROOM_READ_ONLY: entry(403, 'Only some members may write in this room.'),
  NOT_FOUND: entry(404, 'There is no such thing, or you may not see it.'),
  METHOD_NOT_ALLOWED: entry(405, 'This address does not offer that method.'),
  CONFLICT: entry(409, 'That does not fit the present state.'),
  IDEMPOTENCY_CONFLICT: entry(409, 'This id or key was used for something else.'),
  VERSION_CONFLICT: entry(409, 'It has changed in the meantime.'),
  ROOM_ARCHIVED: entry(409, 'The room is archived.'),
  EDIT_WINDOW_CLOSED: entry(409, 'It is too late to change this message.'),
  ALREADY_STARTED: entry(409, 'The session has been started already.'),
  GONE: entry(410, 'This is not there any more.'),
  PAYLOAD_TOO_LARGE: entry(413, 'The request is too large.'),
  UNSUPPORTED_MEDIA: entry(415, 'This kind of content is not accepted here.'),
  RANGE_NOT_SATISFIABLE: entry(416, 'The file has no such part.'),
  VALIDATION_FAILED: entry(422, 'Some fields are not as they should be.'),
  RATE_LIMITED: passing(429, 'Too many requests; wait a moment.'),
  SLOW_MODE: passing(429, 'This room is in slow mode; wait a moment.'),
  INTERNAL: entry(500, 'Something went wrong on our side; the outcome is unknown.'),
  UNAVAILABLE: passing(503, 'The service is not available at the moment; nothing was stored.'),
  TIMEOUT: passing(504, 'No answer in time; the outcome is unknown.'),
  QUOTA_EXCEEDED: entry(507, 'There is no room left to store this.'),
} as const satisfies Record<ErrorCode, ErrorEntry>;
