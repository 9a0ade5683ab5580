import { type Connection, createConnection } from 'mysql2/promise';
import type { LogChange, LogHead, LogRange, LogRow, MessageLog } from './message-log.js';

/** Rooms that one statement asks for. */
const RANGES = 100;
/** Milliseconds without an answer after which a statement is given up. */
const PATIENCE_MS = 5000;

/** The log in MySQL or MariaDB. A connection that has failed is given up; the next question opens another one. */
export class MysqlLog implements MessageLog {
  private connection: Promise<Connection> | null = null;

  constructor(private readonly url: string) {}

  async epoch(): Promise<string | null> {
    const [row] = await this.ask("SELECT value FROM installation WHERE name = 'epoch'", []);
    return (row?.[0] as string | undefined) ?? null;
  }

  rooms(behind: string, limit: number): Promise<LogHead[]> {
    const sql = 'SELECT id, headRev, floorRev FROM rooms WHERE id > ? ORDER BY id LIMIT ?';
    return this.headsOf(sql, [behind, limit]);
  }

  async heads(roomIds: readonly string[]): Promise<LogHead[]> {
    if (roomIds.length === 0) return [];
    return this.headsOf('SELECT id, headRev, floorRev FROM rooms WHERE id IN (?)', [roomIds]);
  }

  async messages(ranges: readonly LogRange[]): Promise<LogRow[]> {
    const rows = await this.inRanges(
      'roomId, rev, senderId, text, payload, createdAt FROM messages',
      "AND kind = 'text' AND deletedAt IS NULL AND text IS NOT NULL ORDER BY roomId, rev",
      ranges,
    );
    return rows.map(([roomId, rev, senderId, text, payload, createdAt]) => ({
      roomId: roomId as string,
      rev: Number(rev),
      senderId: senderId as string | null,
      text: text as string,
      payload: payload as string | null,
      createdAt: Number(createdAt),
    }));
  }

  async changes(ranges: readonly LogRange[]): Promise<LogChange[]> {
    const rows = await this.inRanges('roomId, messageRev FROM message_changes', '', ranges);
    return rows.map(([roomId, messageRev]) => ({ roomId: roomId as string, messageRev: Number(messageRev) }));
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = null;
    await connection?.then((opened) => opened.end()).catch(() => undefined);
  }

  private async headsOf(sql: string, parameters: unknown[]): Promise<LogHead[]> {
    const rows = await this.ask(sql, parameters);
    return rows.map(([id, headRev, floorRev]) => ({
      id: id as string,
      headRev: Number(headRev),
      floorRev: Number(floorRev),
    }));
  }

  private async inRanges(what: string, rest: string, ranges: readonly LogRange[]): Promise<unknown[][]> {
    const rows: unknown[][] = [];
    for (let at = 0; at < ranges.length; at += RANGES) {
      const part = ranges.slice(at, at + RANGES);
      const where = part.map(() => '(roomId = ? AND rev BETWEEN ? AND ?)').join(' OR ');
      const values = part.flatMap(({ roomId, from, to }) => [roomId, from, to]);
      rows.push(...(await this.ask(`SELECT ${what} WHERE (${where}) ${rest}`, values)));
    }
    return rows;
  }

  private async ask(sql: string, values: unknown[]): Promise<unknown[][]> {
    const opening = (this.connection ??= open(this.url));
    const connection = await opening.catch((error: unknown) => {
      this.connection = null;
      throw error;
    });
    try {
      const [rows] = await connection.query({ sql, values, rowsAsArray: true, timeout: PATIENCE_MS });
      return rows as unknown as unknown[][];
    } catch (error) {
      this.connection = null;
      connection.destroy();
      throw error;
    }
  }
}

async function open(url: string): Promise<Connection> {
  const connection = await createConnection({
    uri: url,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    connectTimeout: 1500,
    enableKeepAlive: true,
  });
  // An error between two questions shows with the next one.
  connection.on('error', () => undefined);
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  return connection;
}
