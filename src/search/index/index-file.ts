import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SqliteDatabase } from '../../database/sqlite-driver.js';

/** The name of the file in `DATA_DIR`. */
export const INDEX_FILE = 'search.db';

/** Raised when what is indexed changes: files of another version are thrown away and made anew. */
const VERSION = '2';

const TABLES = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE rooms (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE blocks (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, messages BLOB NOT NULL);
  CREATE VIRTUAL TABLE texts USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
  INSERT INTO texts(texts, rank) VALUES ('hashsize', 8000000);
  INSERT INTO texts(texts, rank) VALUES ('automerge', 16);`;

/** Revs of a room in the ids of blocks, so that these ascend by room and then by rev, and stay whole numbers. */
const REVS = 2 ** 30;

/** The id of the block that begins with a rev of a room. */
export const blockIdOf = (no: number, rev: number): number => no * REVS + rev;
export const roomNoOf = (blockId: number): number => Math.floor(blockId / REVS);
export const revOf = (blockId: number): number => blockId % REVS;

/**
 * The file of the index. It holds nothing that cannot be made again, so what is damaged, of another version or of
 * another installation is thrown away. Several processes may use it at once.
 */
export class IndexFile {
  private database: SqliteDatabase;
  private inode = 0;

  /** @param epoch of the installation whose log is indexed */
  constructor(
    private readonly path: string,
    private readonly epoch: string,
  ) {
    this.database = this.open();
  }

  get isThere(): boolean {
    return statSync(this.path, { throwIfNoEntry: false })?.ino === this.inode;
  }

  all<Row>(sql: string, ...parameters: unknown[]): Row[] {
    return this.database.statement(sql).all(...parameters) as Row[];
  }

  run(sql: string, ...parameters: unknown[]): void {
    this.database.statement(sql).run(...parameters);
  }

  /** Does the work in one transaction that nobody else writes beside. */
  write(work: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      try {
        this.database.exec('ROLLBACK');
      } catch {
        // The fault itself says more; SQLite may have rolled back already.
      }
      throw error;
    }
  }

  /** Forgets everything, for all who use the file. */
  clear(): void {
    this.write(() => {
      this.database.exec("DELETE FROM rooms; DELETE FROM blocks; INSERT INTO texts(texts) VALUES ('delete-all');");
    });
  }

  /** Throws the file away and begins a new one; where another process has done so already, takes that. */
  renew(): void {
    this.close();
    if (this.isThere) remove(this.path);
    this.database = this.open();
  }

  close(): void {
    try {
      this.database.close();
    } catch {
      // Of a damaged file nothing is lost.
    }
  }

  private open(): SqliteDatabase {
    mkdirSync(dirname(this.path), { recursive: true });
    try {
      return this.opened();
    } catch (error) {
      // Also what lacks its tables.
      const isUnfit = error instanceof StrangeFile || (error as { code?: string }).code === 'SQLITE_ERROR';
      if (!isUnfit && !isDamage(error)) throw error;
      remove(this.path);
      return this.opened();
    }
  }

  private opened(): SqliteDatabase {
    const database = new SqliteDatabase(this.path);
    try {
      database.pragma('journal_mode = WAL');
      // What is lost with the power is made again, but the file must not be torn.
      database.pragma('synchronous = NORMAL');
      database.pragma('cache_size = -32768');
      database.pragma('temp_store = MEMORY');
      this.prepare(database);
      this.inode = statSync(this.path).ino;
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private prepare(database: SqliteDatabase): void {
    database.exec('BEGIN IMMEDIATE');
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE name IN ('facts', 'texts')").all();
    if (tables.length === 0) {
      database.exec(TABLES);
      const fact = database.prepare('INSERT INTO facts (name, value) VALUES (?, ?)');
      fact.run('version', VERSION);
      fact.run('epoch', this.epoch);
    }
    database.exec('COMMIT');
    const facts = database.prepare('SELECT name, value FROM facts').all();
    const found = new Map(facts.map(({ name, value }) => [name, value]));
    if (found.get('version') !== VERSION || found.get('epoch') !== this.epoch) throw new StrangeFile();
  }
}

/** A file of another version or installation. */
class StrangeFile extends Error {}

/** Whether an error says that the file is torn. */
export function isDamage(error: unknown): boolean {
  const { code } = error as { code?: string };
  const number = Number(/^SQLITE_(\d+)$/.exec(code ?? '')?.[1] ?? 0) & 255;
  // SQLITE_CORRUPT, SQLITE_NOTADB
  return number === 11 || number === 26;
}

function remove(path: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
}
