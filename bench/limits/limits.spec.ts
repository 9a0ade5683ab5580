import { randomBytes } from 'node:crypto';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { SqliteDatabase } from '../../src/database/sqlite-driver.js';
import { TestSocket } from '../../test/support/socket.js';
import { newUlid } from '../../test/support/world.js';

const ROOM = newUlid();
const [ANN, BOB, EVE] = [newUlid(), newUlid(), newUlid()];
/** What a careless server spoils on its way into SQL, JSON or a frame. */
const TEXT = `it's "so" \\' \u{1F600} é\n${'x'.repeat(70_000)}`.slice(0, 60_000);

const folder = mkdtempSync(join(tmpdir(), 'parley-limits-'));

async function start(database: string): Promise<string> {
  const rooms = join(folder, 'rooms.json');
  writeFileSync(rooms, JSON.stringify({ [ROOM]: [ANN, BOB], [newUlid()]: [EVE] }));
  const args = ['bench/limits/server.mjs', '--rooms', rooms, '--database', database];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });
  return address(child);
}

function address({ stdout }: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /^listening on http(\S+)$/m.exec(output);
      if (found) resolve(`ws${found[1]}/ws`);
    });
    stdout?.once('end', () => reject(new Error(`no address: ${output}`)));
  });
}

async function enter(url: string, userId: string): Promise<TestSocket> {
  const socket = await TestSocket.open(url, { protocols: [] });
  onTestFinished(() => socket.close());
  expect(await socket.call('session.start', { token: userId })).toMatchObject({
    event: 'session.ready',
    data: { userId },
  });
  return socket;
}

/** A send is answered after it is stored, and reaches the members' sockets and nobody else. */
async function expectSend(database: string): Promise<string> {
  const url = await start(database);
  const [ann, bob, eve] = [await enter(url, ANN), await enter(url, BOB), await enter(url, EVE)];
  const id = newUlid();
  expect(await ann.call('message.send', { roomId: ROOM, id, text: TEXT })).toMatchObject({
    event: 'ack',
    data: { id },
  });
  const event = { roomId: ROOM, data: { id, senderId: ANN, text: TEXT } };
  for (const member of [ann, bob]) expect(await member.next('message.created')).toMatchObject(event);
  expect(eve.of('message.created')).toEqual([]);
  return id;
}

describe('the limit server', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('delivers without a database', async () => {
    await expectSend('none');
  });

  it('stores on SQLite', async () => {
    const path = join(folder, 'limits.db');
    const id = await expectSend(`sqlite:${path}`);
    const source = await new DataSource({
      type: 'better-sqlite3',
      driver: SqliteDatabase,
      database: path,
    }).initialize();
    onTestFinished(() => source.destroy());
    expect(await source.query('SELECT id, roomId, senderId, text FROM limit_messages')).toEqual([
      { id, roomId: ROOM, senderId: ANN, text: TEXT },
    ]);
  });

  it.runIf(process.env.TEST_MYSQL_URL)('stores on MariaDB', async () => {
    const url = new URL(process.env.TEST_MYSQL_URL ?? '');
    const name = `parley_limits_${randomBytes(6).toString('hex')}`;
    const connection = await createConnection({ uri: url.href });
    onTestFinished(async () => {
      await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
      await connection.end();
    });
    url.pathname = `/${name}`;
    const id = await expectSend(url.href);
    const [rows] = await connection.query(`SELECT id, roomId, senderId, text FROM \`${name}\`.limit_messages`);
    expect(rows).toEqual([{ id, roomId: ROOM, senderId: ANN, text: TEXT }]);
  });
});
