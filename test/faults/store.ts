import { createConnection } from 'mysql2/promise';
import { SqliteDatabase } from '../../src/database/sqlite-driver.js';
import { textOf } from './history.js';

export interface StoredMessage {
  readonly id: string;
  readonly roomId: string;
  readonly rev: number;
  readonly seq: number | null;
  readonly kind: 'text' | 'notice';
  readonly senderId: string | null;
  readonly text: string | null;
}

export interface StoredRoom {
  readonly id: string;
  readonly headRev: number;
  readonly headSeq: number;
}

export interface StoredMember {
  readonly roomId: string;
  readonly userId: string;
  readonly readSeq: number;
}

/** The rows at the end, straight from the database. */
export interface Store {
  readonly rooms: readonly StoredRoom[];
  /** By room, then by rev. */
  readonly messages: readonly StoredMessage[];
  readonly members: readonly StoredMember[];
}

type Ask = (sql: string) => Promise<Record<string, unknown>[]>;

/** Reads the rows past the server. */
export async function readStore(url: string): Promise<Store> {
  if (url.startsWith('sqlite:')) {
    const database = new SqliteDatabase(url.slice('sqlite:'.length), { readonly: true });
    const store = await readAll((sql) => Promise.resolve(database.prepare(sql).all()));
    database.close();
    return store;
  }
  const connection = await createConnection({ uri: url, supportBigNumbers: true });
  const store = await readAll(async (sql) => (await connection.query(sql))[0] as Record<string, unknown>[]);
  await connection.end();
  return store;
}

async function readAll(ask: Ask): Promise<Store> {
  const rooms = await ask('SELECT id, headRev, headSeq FROM rooms ORDER BY id');
  const messages = await ask('SELECT id, roomId, rev, seq, kind, senderId, text FROM messages ORDER BY roomId, rev');
  const members = await ask('SELECT roomId, userId, readSeq FROM room_members');
  return {
    rooms: rooms.map((row) => ({ ...row, headRev: Number(row.headRev), headSeq: Number(row.headSeq) }) as StoredRoom),
    messages: messages.map(toMessage),
    members: members.map((row) => ({ ...row, readSeq: Number(row.readSeq) }) as StoredMember),
  };
}

function toMessage(row: Record<string, unknown>): StoredMessage {
  const [rev, seq] = [Number(row.rev), row.seq === null ? null : Number(row.seq)];
  return { ...row, rev, seq, text: textOf(row.text as string | null) } as StoredMessage;
}
