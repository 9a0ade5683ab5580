import type { ErrorCode, FieldError, Problem } from '../protocol/errors.js';
import { toTime } from './clock.js';
import { ERROR_CATALOGUE, type ErrorEntry } from './error-catalogue.js';

/** What a refusal may add to its code. None of it may hold what the caller sent. */
export interface ChatErrorOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterMs?: number;
  /** Epoch milliseconds at which what refuses ends. */
  readonly until?: number;
  readonly cause?: unknown;
}

/** A refusal that the caller is told of, over REST and socket alike. Anything else that is thrown becomes `INTERNAL`. */
export class ChatError extends Error {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterMs?: number;
  readonly until?: number;

  constructor(
    readonly code: ErrorCode,
    options: ChatErrorOptions = {},
  ) {
    super(options.detail ?? ERROR_CATALOGUE[code].title, { cause: options.cause });
    this.name = 'ChatError';
    this.detail = options.detail;
    this.errors = options.errors;
    this.retryAfterMs = options.retryAfterMs;
    this.until = options.until;
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }
}

/** The answer that an error means. An error that is not a `ChatError` tells nothing but `INTERNAL`. */
export function toProblem(error: unknown, traceId: string): Problem {
  const known = error instanceof ChatError ? error : new ChatError('INTERNAL');
  const { status, title, retryable }: ErrorEntry = ERROR_CATALOGUE[known.code];
  return {
    type: `/docs/errors#${known.code}`,
    title,
    status,
    code: known.code,
    ...(known.detail === undefined ? {} : { detail: known.detail }),
    ...(known.errors === undefined ? {} : { errors: known.errors }),
    retryable,
    ...(known.retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(known.retryAfterMs) }),
    ...(known.until === undefined ? {} : { until: toTime(known.until) }),
    traceId,
  };
}
