import type { SqliteDatabase } from './sqlite-driver.js';
import type { Tx } from './unit-of-work.js';

type Statement = ReturnType<SqliteDatabase['prepare']>;
const statements = new WeakMap<SqliteDatabase, Map<string, Statement>>();

/** What follows a SELECT that must hold its rows until the commit. SQLite has one writer and needs nothing. */
export const forUpdate = (tx: Tx): string => (tx.isSqlite ? '' : ' FOR UPDATE');

/** `?, ?, ?` for a list of that many values. */
export const placeholders = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/**
 * Inserts rows in order. MySQL gets one statement; SQLite gets a prepared one a row, which is a third cheaper there
 * (31 against 48 µs a row, measured).
 *
 * @throws the driver's error; see `uniqueViolation`
 */
export async function insertRows(
  tx: Tx,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]);
  const one = `(${placeholders(columns)})`;
  const head = `INSERT INTO ${table} (${columns.join(', ')}) VALUES `;
  if (!tx.isSqlite) {
    const values = rows.flatMap((row) => columns.map((column) => row[column]));
    await tx.execute(head + rows.map(() => one).join(', '), values);
    return;
  }
  const statement = prepared((await tx.runner.connect()) as SqliteDatabase, head + one);
  for (const row of rows) statement.run(...columns.map((column) => row[column]));
}

/**
 * Inserts rows, or sets `updates` of the ones whose key exists.
 *
 * @param conflict the columns of the key, which SQLite must be told
 */
export async function upsertRows(
  tx: Tx,
  target: { readonly table: string; readonly conflict: readonly string[]; readonly updates: readonly string[] },
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]);
  const clause = tx.isSqlite
    ? `ON CONFLICT (${target.conflict.join(', ')}) DO UPDATE SET ${target.updates.map((c) => `${c} = excluded.${c}`).join(', ')}`
    : `ON DUPLICATE KEY UPDATE ${target.updates.map((c) => `${c} = VALUES(${c})`).join(', ')}`;
  const values = rows.flatMap((row) => columns.map((column) => row[column]));
  const tuples = rows.map(() => `(${placeholders(columns)})`).join(', ');
  await tx.execute(`INSERT INTO ${target.table} (${columns.join(', ')}) VALUES ${tuples} ${clause}`, values);
}

function prepared(database: SqliteDatabase, sql: string): Statement {
  let known = statements.get(database);
  if (!known) statements.set(database, (known = new Map<string, Statement>()));
  let statement = known.get(sql);
  if (!statement) known.set(sql, (statement = database.prepare(sql)));
  return statement;
}
