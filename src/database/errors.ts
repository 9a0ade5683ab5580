import { ChatError } from '../common/chat-error.js';

interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
  readonly sqlMessage?: string;
  readonly fatal?: boolean;
}

/** A row was not as the transaction had taken it to be. */
export class ChangedMeanwhile extends Error {
  readonly code = 'CHANGED_MEANWHILE';
}

/** Faults that a repeat of the same transaction may not meet: deadlock, lock wait, busy, a row that has changed. */
const PASSING_CODES = new Set([
  'CHANGED_MEANWHILE',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CHECKREAD',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_LOCKED',
]);

/** Faults of the connection or the server, not of the statement. */
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
]);

/** Faults of a disk or a table that takes no more. InnoDB says of a full disk that the table is full. */
const FULL_CODES = new Set(['SQLITE_FULL', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL']);

/** How a statement that compares says on MySQL that a row has changed; anywhere else it is a fault of ours. */
export const saysChanged = (error: unknown): boolean => driverError(error)?.code === 'ER_DATA_OUT_OF_RANGE';

function driverError(error: unknown): DriverError | null {
  if (typeof error !== 'object' || error === null) return null;
  const inner = (error as { driverError?: DriverError }).driverError;
  return inner ?? (error as DriverError);
}

/**
 * The name of the unique rule that a write broke (the index on MySQL, `table.column` on SQLite), `unknown` where the
 * driver does not say, or null when the error is something else.
 */
export function uniqueViolation(error: unknown): string | null {
  const found = driverError(error);
  if (!found) return null;
  const text = found.sqlMessage ?? found.message ?? '';
  if (found.code === 'ER_DUP_ENTRY' || found.errno === 1062) {
    // At the end, because what stands in front of it was made up by a user.
    return /for key '(?:[^.']+\.)?([^']+)'$/.exec(text)?.[1] ?? 'unknown';
  }
  if (found.code === 'SQLITE_CONSTRAINT_UNIQUE' || found.code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return /failed: (.+)$/.exec(text)?.[1] ?? 'unknown';
  }
  return null;
}

/** Whether the same transaction may succeed when it is run again. */
export const isPassing = (error: unknown): boolean => PASSING_CODES.has(driverError(error)?.code ?? '');

/** Whether the database could not be reached or went away. */
export function isAway(error: unknown): boolean {
  const found = driverError(error);
  if (!found) return false;
  // mysql2 reports these two by their text alone.
  return AWAY_CODES.has(found.code ?? '') || /connection (is )?(in )?closed|Pool is closed/i.test(found.message ?? '');
}

/**
 * The refusal that a fault of the database means to a caller, or the error itself where it means a fault of ours.
 * `UNAVAILABLE`: nothing was stored. Disk full: `QUOTA_EXCEEDED`.
 */
export function toRefusal(error: unknown): unknown {
  if (error instanceof ChatError) return error;
  if (isAway(error) || isPassing(error)) return new ChatError('UNAVAILABLE', { retryAfterMs: 1000, cause: error });
  if (FULL_CODES.has(driverError(error)?.code ?? '')) return new ChatError('QUOTA_EXCEEDED', { cause: error });
  return error;
}
