import { promisify } from 'node:util';
import type { Pool, PoolConnection, QueryOptions } from 'mysql2';
import type { DataSource } from 'typeorm';

/** What every connection is told once, in place of a statement before each transaction. */
const SETTINGS = [
  // No gap locks, and a read sees what is committed now.
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // A room is locked for milliseconds; who waits for a second waits for something that hangs.
  'SET SESSION innodb_lock_wait_timeout = 1',
];

/**
 * Milliseconds for the answer to a COMMIT and what travels with it. What is lost then is unknown, so it is waited for
 * longer; but until it is given up nothing else is stored, and the first ack comes within five seconds of the return of
 * a database (P16).
 */
const COMMIT_MS = 4000;

/** Milliseconds without an answer after which a statement is given up. */
export interface Patience {
  ms: number;
}

type Done = (error: { code?: string } | null, ...more: unknown[]) => void;

/**
 * Sets up every connection of the pool, and bounds how long a statement may go without an answer. A server that hangs
 * then looks like one that is away: the connection is given up, and what was open on it is rolled back (P7, P16).
 *
 * @param patience may be changed later, for connections that are open already too
 */
export async function superviseConnections(source: DataSource, patience: Patience): Promise<void> {
  const { pool } = source.driver as unknown as { pool: Pool };
  // TypeORM has opened one to see whether the server is there.
  const first = await promisify(pool.getConnection.bind(pool))();
  setUp(first, patience);
  first.release();
  pool.on('connection', (connection: PoolConnection) => setUp(connection, patience));
}

function setUp(connection: PoolConnection, patience: Patience): void {
  limit(connection, patience);
  // A connection that cannot be told is one that cannot be used; the statement behind it fails and says why.
  for (const setting of SETTINGS) connection.query(setting, () => undefined);
}

function limit(connection: PoolConnection, patience: Patience): void {
  const query = connection.query.bind(connection) as (options: QueryOptions, ...more: unknown[]) => unknown;
  const limited = (statement: string | QueryOptions, ...more: unknown[]): unknown => {
    const options = typeof statement === 'string' ? { sql: statement } : statement;
    const timeout = options.sql.endsWith('COMMIT') ? COMMIT_MS : patience.ms;
    return query({ timeout, ...options }, ...more.map((one) => (isDone(one) ? givingUp(connection, one) : one)));
  };
  Object.assign(connection, { query: limited });
}

const isDone = (value: unknown): value is Done => typeof value === 'function';

/** Whoever does not answer is not asked again: what he answers later would be taken for the next one's answer. */
function givingUp(connection: PoolConnection, done: Done): Done {
  return (error, ...more) => {
    if (error?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') connection.destroy();
    done(error, ...more);
  };
}
