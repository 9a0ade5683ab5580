import { createRequire } from 'node:module';

/** The part of node:sqlite (Node 22.16, 24 and later) that @photostructure/sqlite gives to Node 20 as well. */
interface NativeStatement {
  all(...parameters: unknown[]): Record<string, unknown>[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  columns?(): { readonly name: string | null }[];
  /** Rows as arrays; Node 22.16 and later, and the package for Node 20. */
  setReturnArrays?(asArrays: boolean): void;
}
interface NativeDatabase {
  prepare(sql: string): NativeStatement;
  exec(sql: string): void;
  close(): void;
}
type NativeModule = { DatabaseSync: new (path: string, options: Record<string, unknown>) => NativeDatabase };

const require = createRequire(import.meta.url);

/** Result codes (https://sqlite.org/rescode.html) by the names that better-sqlite3 uses. */
const CODES: Record<number, string> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  13: 'SQLITE_FULL',
  19: 'SQLITE_CONSTRAINT',
  275: 'SQLITE_CONSTRAINT_CHECK',
  517: 'SQLITE_BUSY_SNAPSHOT',
  787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
  2579: 'SQLITE_CONSTRAINT_ROWID',
};

/** A fault of SQLite, with the code that TypeORM and `errors.ts` look at. */
export class SqliteError extends Error {
  constructor(
    message: string,
    readonly code: string,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw named(error);
  }
}

function named(error: unknown): unknown {
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode === undefined) return error;
  // The low byte of an extended code is the primary one.
  const code = CODES[errcode] ?? CODES[errcode & 255] ?? `SQLITE_${errcode}`;
  return new SqliteError(message, code, error);
}

/** Most parameters are texts and numbers, which go as they are; the list is the caller's own copy. */
function bindAll(parameters: unknown[]): unknown[] {
  for (let i = 0; i < parameters.length; i++) {
    const kind = typeof parameters[i];
    if (kind !== 'string' && kind !== 'number') parameters[i] = bindable(parameters[i]);
  }
  return parameters;
}

function bindable(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`cannot bind ${Object.prototype.toString.call(value)} to an SQL parameter`);
}

/**
 * Rows as arrays, made into objects here: the objects that the driver makes are slow to make and slow to copy (700
 * against 300 µs for a page of 50 messages, measured).
 */
function columnsOf(native: NativeStatement): readonly string[] | null {
  const columns = native.columns?.() ?? [];
  if (!native.setReturnArrays || columns.length === 0) return null;
  native.setReturnArrays(true);
  return columns.map(({ name }) => name ?? '');
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Row {
  const row: Row = {};
  for (let i = 0; i < columns.length; i++) row[columns[i]] = values[i];
  return row;
}

/** Prepared statements that are kept. */
const STATEMENTS = 500;

type Row = Record<string, unknown>;

class Statement {
  /** Whether the statement yields rows. */
  readonly reader: boolean;
  /** The columns of its rows, where rows come as arrays. */
  private readonly columns: readonly string[] | null;

  constructor(
    private readonly native: NativeStatement,
    sql: string,
  ) {
    this.reader = native.columns
      ? native.columns().length > 0
      : /^\s*(select|pragma|with|explain|values)\b|\breturning\b/i.test(sql);
    this.columns = columnsOf(native);
  }

  all(...parameters: unknown[]): Row[] {
    const { columns } = this;
    const rows = guard(() => this.native.all(...bindAll(parameters)));
    return columns ? (rows as unknown as unknown[][]).map((values) => rowOf(columns, values)) : rows;
  }

  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    // No `guard`: this is called for every row, and a closure each is a tenth of its cost.
    try {
      return this.native.run(...bindAll(parameters));
    } catch (error) {
      throw named(error);
    }
  }
}

/**
 * What TypeORM's `better-sqlite3` driver calls, on top of SQLite as Node brings it: nothing to compile or download
 * (ADR 0001). Every call is synchronous and therefore works in the event loop.
 */
export class SqliteDatabase {
  private readonly native: NativeDatabase;
  private readonly statements = new Map<string, Statement>();

  /**
   * @param path the file
   * @param options `readonly`, and `timeout`: milliseconds to wait for another process's lock (default 5,000)
   */
  constructor(path: string, options: { readonly readonly?: boolean; readonly timeout?: number } = {}) {
    this.native = guard(
      () => new (load().DatabaseSync)(path, { readOnly: !!options.readonly, timeout: options.timeout ?? 5000 }),
    );
  }

  prepare(sql: string): Statement {
    return guard(() => new Statement(this.native.prepare(sql), sql));
  }

  /** The prepared statement of a text, kept for the next time. */
  statement(sql: string): Statement {
    const known = this.statements.get(sql);
    if (known) return known;
    // Texts with a list of placeholders come in many lengths; beyond a few hundred it is cheaper to begin anew.
    if (this.statements.size >= STATEMENTS) this.statements.clear();
    const made = this.prepare(sql);
    this.statements.set(sql, made);
    return made;
  }

  exec(sql: string): void {
    guard(() => this.native.exec(sql));
  }

  pragma(text: string): unknown {
    return guard(() => this.native.prepare(`PRAGMA ${text}`).all());
  }

  close(): void {
    this.native.close();
  }
}

function load(): NativeModule {
  const [major, minor] = process.versions.node.split('.').map(Number);
  // Before these, Node's own was built without FTS5.
  const builtin = major > 23 || (major === 22 && minor >= 16);
  return require(builtin ? 'node:sqlite' : '@photostructure/sqlite') as NativeModule;
}
