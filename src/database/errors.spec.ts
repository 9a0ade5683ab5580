import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { ChatError } from '../common/chat-error.js';
import { isAway, isPassing, toRefusal, uniqueViolation } from './errors.js';

type Driver = { readonly code?: string; readonly errno?: number; readonly sqlMessage?: string };

const fault = (message: string, driver: Driver = {}): Error => Object.assign(new Error(message), driver);
/** The same as TypeORM hands it on. */
const wrapped = (message: string, driver: Driver = {}): Error =>
  new QueryFailedError('INSERT', [], fault(message, driver));

const duplicate = (entry: string, key: string) => ({
  code: 'ER_DUP_ENTRY',
  errno: 1062,
  sqlMessage: `Duplicate entry '${entry}' for key '${key}'`,
});

describe('uniqueViolation', () => {
  it('names the index on MariaDB, and on MySQL without the table', () => {
    expect(uniqueViolation(wrapped('…', duplicate('ann', 'uq_users_usernameKey')))).toBe('uq_users_usernameKey');
    expect(uniqueViolation(wrapped('…', duplicate('ann', 'users.uq_users_email')))).toBe('uq_users_email');
    expect(uniqueViolation(fault('…', duplicate('01ARZ', 'PRIMARY')))).toBe('PRIMARY');
  });

  it('is not taken in by a value that looks like the name of an index', () => {
    const entry = "x' for key 'uq_users_email'";
    expect(uniqueViolation(wrapped('…', duplicate(entry, 'uq_users_usernameKey')))).toBe('uq_users_usernameKey');
  });

  it('names the columns on SQLite', () => {
    const unique = wrapped('UNIQUE constraint failed: users.email', { code: 'SQLITE_CONSTRAINT_UNIQUE' });
    expect(uniqueViolation(unique)).toBe('users.email');
    const key = fault('UNIQUE constraint failed: messages.roomId, messages.rev', {
      code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
    });
    expect(uniqueViolation(key)).toBe('messages.roomId, messages.rev');
  });

  it('says unknown where the driver does not say', () => {
    expect(uniqueViolation(fault('Doppelter Eintrag', { errno: 1062 }))).toBe('unknown');
    expect(uniqueViolation(fault('?', { code: 'SQLITE_CONSTRAINT_UNIQUE' }))).toBe('unknown');
  });

  it.each([
    fault('NOT NULL constraint failed: users.email', { code: 'SQLITE_CONSTRAINT_NOTNULL' }),
    wrapped('Column cannot be null', { code: 'ER_BAD_NULL_ERROR', errno: 1048 }),
    fault("Duplicate entry 'a' for key 'PRIMARY'"),
    new ChatError('CONFLICT'),
    null,
    undefined,
    'UNIQUE constraint failed',
    7,
  ])('is null for anything else (%#)', (error) => {
    expect(uniqueViolation(error)).toBeNull();
  });
});

describe('toRefusal', () => {
  it.each([
    'ER_LOCK_DEADLOCK',
    'ER_LOCK_WAIT_TIMEOUT',
    'SQLITE_BUSY',
    'SQLITE_BUSY_SNAPSHOT',
    'SQLITE_LOCKED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'PROTOCOL_CONNECTION_LOST',
    'ER_SERVER_SHUTDOWN',
    'ER_CON_COUNT_ERROR',
  ])('says UNAVAILABLE and when to come back for %s', (code) => {
    for (const error of [fault('secret', { code }), wrapped('secret', { code })]) {
      const refusal = toRefusal(error);
      expect(refusal).toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 1000, cause: error });
      expect((refusal as ChatError).message).not.toContain('secret');
    }
  });

  it.each(["Can't add new command when connection is in closed state", 'Pool is closed.', 'Connection closed'])(
    'knows a connection that is gone by its text: %s',
    (message) => {
      expect(isAway(fault(message))).toBe(true);
    },
  );

  it.each(['SQLITE_FULL', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL'])('says QUOTA_EXCEEDED for %s', (code) => {
    expect(toRefusal(wrapped('…', { code }))).toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it('tells what may pass from what is away', () => {
    expect(isPassing(fault('…', { code: 'ER_LOCK_DEADLOCK' }))).toBe(true);
    expect(isPassing(fault('…', { code: 'ECONNREFUSED' }))).toBe(false);
    expect(isAway(fault('…', { code: 'ER_LOCK_DEADLOCK' }))).toBe(false);
    expect(isPassing(new ChatError('UNAVAILABLE'))).toBe(false);
  });

  it('leaves refusals and faults of ours as they are', () => {
    for (const error of [new ChatError('FORBIDDEN'), new TypeError('x'), wrapped('syntax', { errno: 1064 }), null, 7]) {
      expect(toRefusal(error)).toBe(error);
    }
  });
});
