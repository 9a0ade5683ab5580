import type { ErrorCode, FieldError, Problem } from '../src/protocol/errors.js';

/**
 * Why something failed: a code of the server, or `OFFLINE` when no answer came. After `OFFLINE`, `TIMEOUT` and
 * `INTERNAL` nobody knows whether the server did it; after every other code it did not.
 */
export type FaultCode = ErrorCode | 'OFFLINE';

/** The one error of the SDK. Branch on `code`, show `message`; `problem` is the server's own account, if there is one. */
export class ParleyError extends Error {
  constructor(
    readonly code: FaultCode,
    message: string,
    readonly problem: Problem | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ParleyError';
  }

  /** The error for a problem that the server sent. */
  static of(problem: Problem): ParleyError {
    return new ParleyError(problem.code, problem.detail ?? problem.title, problem);
  }

  /** The error for an answer that never came. */
  static offline(message: string, cause?: unknown): ParleyError {
    return new ParleyError('OFFLINE', message, null, { cause });
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return (
      this.problem?.retryable ?? (this.code === 'OFFLINE' || this.code === 'TIMEOUT' || this.code === 'UNAVAILABLE')
    );
  }

  /** How long the server asks to wait before that, in milliseconds. */
  get retryAfterMs(): number | null {
    return this.problem?.retryAfterMs ?? null;
  }

  /** What is wrong with which field, for `VALIDATION_FAILED`. */
  get fields(): readonly FieldError[] {
    return this.problem?.errors ?? [];
  }
}

/** Anything thrown, as a ParleyError. */
export function toParleyError(thrown: unknown): ParleyError {
  if (thrown instanceof ParleyError) return thrown;
  return ParleyError.offline(thrown instanceof Error ? thrown.message : 'The request failed.', thrown);
}
