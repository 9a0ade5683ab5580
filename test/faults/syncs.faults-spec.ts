import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../support/server.js';
import { TestSocket } from '../support/socket.js';
import { newUlid } from '../support/world.js';
import { Mariadb } from './mariadb.js';
import { type Call, Trace } from './trace.js';

const SENDS = 40;
const SYNCS = ['fsync', 'fdatasync'];
const WRITES = ['write', 'writev', 'sendto', 'sendmsg'];

/**
 * P1: an ack leaves after its commit is on disk. `kill -9` cannot show it, since the kernel keeps what was written; so
 * the calls are counted: between two acks of sends that follow one another, the database must have synced.
 */
describe('syncs before acks', () => {
  let mariadb: Mariadb;
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    mariadb = await Mariadb.create();
  });
  afterEach(async () => {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(() => mariadb.drop());

  async function start(databaseUrl?: string): Promise<string> {
    folder = mkdtempSync(join(tmpdir(), 'parley-syncs-'));
    const url = databaseUrl ?? `sqlite:${join(folder, 'parley.db')}`;
    server = ServerProcess.spawn({ DATABASE_URL: url, DATA_DIR: folder, PORT: '0', LIMITS: 'off', SEARCH: 'off' });
    return server.address();
  }

  /** Sends one after the other, each after the ack of the one before. Returns the ids that were acked. */
  async function talk(address: string): Promise<string[]> {
    const post = async (path: string, body: object, token?: string) => {
      const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
      const response = await fetch(`${address}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as { id: string; accessToken: string };
    };
    const { accessToken: token } = await post('/auth/guest', { displayName: 'Ann' });
    const { id: roomId } = await post('/rooms', { name: 'Room', visibility: 'private' }, token);
    const socket = await TestSocket.open(`${address.replace('http', 'ws')}/ws`);
    await socket.call('session.start', { token });
    await socket.next('session.caughtUp');
    const ids = Array.from({ length: SENDS }, () => newUlid());
    for (const id of ids) expect((await socket.call('message.send', { roomId, id, text: 'hi' })).event).toBe('ack');
    await socket.close();
    return ids;
  }

  /** Acks that left before the database had synced since the ack before. */
  function unsynced(ids: readonly string[], syncs: readonly Call[], writes: readonly Call[]): string[] {
    let before = 0;
    return ids.filter((id) => {
      const ack = writes.find(({ line }) => line.includes(id) && line.includes('\\"event\\":\\"ack\\"'));
      if (!ack) throw new Error(`no ack of ${id} was seen to leave`);
      const since = before;
      before = ack.endedAt;
      return !syncs.some(({ endedAt }) => endedAt > since && endedAt <= ack.endedAt);
    });
  }

  it('SQLite: no ack before a sync', async () => {
    const address = await start();
    const trace = await Trace.attach(server.pid, [...SYNCS, ...WRITES]);
    const ids = await talk(address);
    const calls = await trace.end();
    const syncs = calls.filter(({ name }) => SYNCS.includes(name));
    expect(unsynced(ids, syncs, calls)).toEqual([]);
    process.stdout.write(`SQLite: ${ids.length} acks, ${syncs.length} syncs, 0 acks before a sync\n`);
  });

  it('MariaDB: no ack before a sync', async () => {
    const address = await start(mariadb.urlOf('syncs'));
    const [database, program] = [await Trace.attach(mariadb.pid, SYNCS), await Trace.attach(server.pid, WRITES)];
    const ids = await talk(address);
    const [syncs, writes] = [await database.end(), await program.end()];
    expect(unsynced(ids, syncs, writes)).toEqual([]);
    process.stdout.write(`MariaDB: ${ids.length} acks, ${syncs.length} syncs, 0 acks before a sync\n`);
    const ready = await (await fetch(`${address}/readyz`)).text();
    expect(ready).not.toContain('reduced');
  });

  it('sees a database that does not sync, which is said at start and in /readyz', async () => {
    await mariadb.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
    try {
      const address = await start(mariadb.urlOf('lazy'));
      expect(server.output).toContain('database.durabilityReduced');
      const ready = await fetch(`${address}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.text()).toContain('durability: reduced');
      const [database, program] = [await Trace.attach(mariadb.pid, SYNCS), await Trace.attach(server.pid, WRITES)];
      const ids = await talk(address);
      expect(unsynced(ids, await database.end(), await program.end()).length).toBeGreaterThan(SENDS / 2);
    } finally {
      await mariadb.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
    }
  });
});
