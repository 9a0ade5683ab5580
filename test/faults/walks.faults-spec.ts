import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../support/server.js';
import { Mariadb } from './mariadb.js';
import { isFull } from './size.js';
import { readStore } from './store.js';
import { Walk } from './walk/walk.js';

const PEOPLE = isFull ? 200 : 30;
const ROUNDS = isFull ? 40 : 3;
const STEPS = 250;

/**
 * A client that follows the protocol shows what a fresh answer says, at every quiet moment, and reads nothing afresh
 * but when it comes back.
 */
describe('random walks', () => {
  let mariadb: Mariadb;
  let folder: string;
  let server: ServerProcess;
  let walk: Walk | null = null;
  beforeAll(async () => {
    mariadb = await Mariadb.create();
  });
  afterEach(async () => {
    walk?.end();
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(() => mariadb.drop());

  it.each(['SQLite', 'MariaDB'])('end in the truth on %s', { timeout: 1_800_000 }, async (engine) => {
    folder = mkdtempSync(join(tmpdir(), 'parley-walk-'));
    const url = engine === 'MariaDB' ? mariadb.urlOf('walk') : `sqlite:${join(folder, 'parley.db')}`;
    const fixed = { DATA_DIR: folder, PORT: '0', LIMITS: 'off', LOG_LEVEL: 'error', LIMIT_PRESENCE_GRACE_MS: '2000' };
    server = ServerProcess.spawn({ DATABASE_URL: url, LIMIT_CONNECTIONS_PER_ADDRESS: '5000', ...fixed });
    walk = await Walk.begin(await server.address(), { people: PEOPLE, devices: 3, rooms: PEOPLE / 5, seed: 7 });
    for (let round = 0; round < ROUNDS; round++) {
      await walk.take(STEPS);
      expect(await walk.quietMismatches()).toEqual([]);
      expect(walk.freshReads).toEqual([]);
    }
    expect(await wrongCounts(url)).toEqual([]);
    expect(walk.taken).toBeGreaterThan((ROUNDS * STEPS) / 2);
    const said = `${ROUNDS * STEPS} steps of ${PEOPLE} people with 3 devices each, ${walk.taken} of them allowed`;
    process.stdout.write(`walks on ${engine}: ${said}, 0 mismatches\n`);
  });

  /** Heads that are not what a recount of the rows says. */
  async function wrongCounts(url: string): Promise<string[]> {
    const { rooms, messages, members } = await readStore(url);
    return members.flatMap(({ roomId, userId, readSeq }) => {
      const head = rooms.find(({ id }) => id === roomId)?.headSeq ?? 0;
      const unread = messages.filter((row) => row.roomId === roomId && row.seq !== null && row.seq > readSeq).length;
      return unread === Math.max(0, head - readSeq)
        ? []
        : [`${userId} in ${roomId}: ${unread} by count, not ${head - readSeq}`];
    });
  }
});
