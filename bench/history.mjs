// A room with a long history, written past the server: a million sends would take longer than all that is measured.
import { SqliteDatabase } from '../dist/src/database/sqlite-driver.js';
import { newId, textOf } from './load/ids.mjs';

const BATCH = 10_000;
const TEXT_BYTES = 120;

/** Appends `count` messages of the sender to the room, as the server would have stored them. */
export function fillRoom(file, { roomId, senderId }, count) {
  const database = new SqliteDatabase(file);
  const [head] = database.prepare('SELECT headRev, headSeq FROM rooms WHERE id = ?').all(roomId);
  const insert = database.prepare(
    `INSERT INTO messages (roomId, rev, id, lastRev, seq, kind, senderId, text, bodyHash, createdAt)
     VALUES (?, ?, ?, ?, ?, 'text', ?, ?, ?, ?)`,
  );
  for (let done = 0; done < count; done += BATCH) {
    database.exec('BEGIN');
    for (let i = done + 1; i <= Math.min(done + BATCH, count); i++) {
      const [rev, seq, id] = [head.headRev + i, head.headSeq + i, newId()];
      insert.run(roomId, rev, id, rev, seq, senderId, textOf(TEXT_BYTES, id), 'x'.repeat(22), Date.now());
    }
    database.exec('COMMIT');
  }
  const [rev, seq] = [head.headRev + count, head.headSeq + count];
  database.prepare('UPDATE rooms SET headRev = ?, headSeq = ? WHERE id = ?').run(rev, seq, roomId);
  database.close();
  return rev;
}

/** Edits `count` messages that are spread evenly over the whole room, as the server would have stored that. */
export function editOld(file, roomId, count) {
  const database = new SqliteDatabase(file);
  const [{ headRev }] = database.prepare('SELECT headRev FROM rooms WHERE id = ?').all(roomId);
  const find = database.prepare("SELECT id, rev FROM messages WHERE roomId = ? AND rev >= ? AND kind = 'text' LIMIT 1");
  const edit = database.prepare('UPDATE messages SET lastRev = ?, editedAt = ? WHERE roomId = ? AND rev = ?');
  const note = database.prepare(
    "INSERT INTO message_changes (roomId, rev, messageId, messageRev, event) VALUES (?, ?, ?, ?, 'message.edited')",
  );
  database.exec('BEGIN');
  for (let i = 0; i < count; i++) {
    const [{ id, rev }] = find.all(roomId, 2 + Math.floor((i * (headRev - 2)) / count));
    edit.run(headRev + i + 1, Date.now(), roomId, rev);
    note.run(roomId, headRev + i + 1, id, rev);
  }
  database.prepare('UPDATE rooms SET headRev = ? WHERE id = ?').run(headRev + count, roomId);
  database.exec('COMMIT');
  database.close();
}
