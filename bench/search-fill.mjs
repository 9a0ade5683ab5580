// A database full of messages, written past the server.
import { createConnection } from 'mysql2/promise';
import { SqliteDatabase } from '../dist/src/database/sqlite-driver.js';
import { newId } from './load/ids.mjs';

const BATCH = 2000;
const COLUMNS = 'roomId, rev, id, lastRev, seq, kind, senderId, text, bodyHash, createdAt';

/**
 * Appends `count` messages: every second one to the first room, the others to the rest in turn, one each ten
 * milliseconds.
 */
export async function fillRooms(url, { rooms, senderId, count, source }) {
  const database = url.startsWith('sqlite:') ? onSqlite(url.slice('sqlite:'.length)) : await onMysql(url);
  const heads = new Map(await database.heads());
  const start = Date.now() - count * 10;
  for (let done = 0; done < count; done += BATCH) {
    const rows = [];
    for (let i = done; i < Math.min(done + BATCH, count); i++) {
      const roomId = i % 2 ? rooms[0] : rooms[1 + ((i / 2) % (rooms.length - 1))];
      const head = heads.get(roomId);
      head.headRev++;
      head.headSeq++;
      const numbers = [head.headRev, newId(), head.headRev, head.headSeq];
      rows.push([roomId, ...numbers, 'text', senderId, source.next(), 'x'.repeat(22), start + i * 10]);
    }
    await database.insert(rows);
  }
  for (const [id, { headRev, headSeq }] of heads) await database.setHead([headRev, headSeq, id]);
  await database.close();
}

const HEADS = 'SELECT id, headRev, headSeq FROM rooms';
const SET_HEAD = 'UPDATE rooms SET headRev = ?, headSeq = ? WHERE id = ?';

function onSqlite(path) {
  const database = new SqliteDatabase(path);
  database.pragma('synchronous = OFF');
  const insert = database.prepare(`INSERT INTO messages (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return {
    heads: async () =>
      database
        .prepare(HEADS)
        .all()
        .map((row) => [row.id, row]),
    insert: async (rows) => {
      database.exec('BEGIN');
      for (const row of rows) insert.run(...row);
      database.exec('COMMIT');
    },
    setHead: async (values) => database.prepare(SET_HEAD).run(...values),
    close: () => database.close(),
  };
}

async function onMysql(url) {
  const connection = await createConnection({ uri: url, charset: 'utf8mb4' });
  return {
    heads: async () => (await connection.query(HEADS))[0].map((row) => [row.id, row]),
    insert: (rows) => connection.query(`INSERT INTO messages (${COLUMNS}) VALUES ?`, [rows]),
    setHead: (values) => connection.query(SET_HEAD, values),
    close: () => connection.end(),
  };
}
