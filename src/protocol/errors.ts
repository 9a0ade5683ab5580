import { type TypeOf, count, flag, list, named, object, oneOf, optional, string, time } from './schema.js';

/** Every error code of REST and socket alike; `common/error-catalogue.ts` holds status, title and retry advice. */
export const ERROR_CODES = [
  'BAD_REQUEST',
  'VALIDATION_FAILED',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'VERSION_CONFLICT',
  'GONE',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA',
  'RANGE_NOT_SATISFIABLE',
  'UNSUPPORTED_EVENT',
  'RATE_LIMITED',
  'SLOW_MODE',
  'ROOM_ARCHIVED',
  'ROOM_READ_ONLY',
  'BLOCKED',
  'CONTACT_CLOSED',
  'MUTED',
  'BANNED',
  'QUOTA_EXCEEDED',
  'EDIT_WINDOW_CLOSED',
  'NOT_STARTED',
  'ALREADY_STARTED',
  'INTERNAL',
  'UNAVAILABLE',
  'TIMEOUT',
] as const;

/** One of the error codes. Every code but `INTERNAL` and `TIMEOUT` means: nothing was stored. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What is wrong with one field. `path` names a declared field (`memberIds[3]`), never what the client made up. */
export const fieldError = named('FieldError', object({ path: string, code: string, message: string }));
export type FieldError = TypeOf<typeof fieldError>;

/** RFC 9457, as `application/problem+json` over REST and as the data of an `error` frame. */
export const problem = named(
  'Problem',
  object({
    type: string,
    title: string,
    status: count,
    code: oneOf(...ERROR_CODES),
    detail: optional(string),
    errors: optional(list(fieldError)),
    retryable: flag,
    retryAfterMs: optional(count),
    /** When a mute or a ban ends, where it has an end. */
    until: optional(time),
    traceId: string,
  }),
);
export type Problem = TypeOf<typeof problem>;
