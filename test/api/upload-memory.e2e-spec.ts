import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess, serverEnv } from '../support/server.js';
import type { TestDatabase } from '../support/engine.js';

const MIB = 1_048_576;
/** Two GB at once keep the disk from all other tests: ask for them with FAULTS_FULL=1. */
const CROWD_MIB = process.env.FAULTS_FULL === '1' ? 100 : 20;
const PIECE = randomBytes(65_536);

let database: TestDatabase;
let server: ServerProcess;
let url: string;
let token: string;

beforeAll(async () => {
  const prepared = await serverEnv();
  ({ database } = prepared);
  server = ServerProcess.spawn(prepared.env);
  url = await server.address();
  const answer = await fetch(`${url}/api/v1/auth/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  token = ((await answer.json()) as { accessToken: string }).accessToken;
});

afterAll(async () => {
  await server?.end();
  await database?.drop();
});

function* bytesOf(bytes: number): Generator<Buffer> {
  for (let done = 0; done < bytes; done += PIECE.length) yield PIECE.subarray(0, Math.min(PIECE.length, bytes - done));
}

/** Uploads a form as it is made, so that nothing of it is kept here. */
async function send(content: Iterable<Buffer>, mark = 0): Promise<{ status: number; body: any }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x' };
  const asked = request(`${url}/api/v1/attachments`, { method: 'POST', headers, agent: false });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });
  const form = function* () {
    yield Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
    yield Buffer.from(`\0${mark}\0`);
    yield* content;
    yield Buffer.from('\r\n--x--\r\n');
  };
  await pipeline(Readable.from(form()), asked);
  const answer = await answered;
  return { status: answer.statusCode ?? 0, body: JSON.parse((await buffer(answer)).toString()) };
}

/** A number of the server's `/proc/<pid>/status`, in MiB. */
const memory = (name: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
};

/** Waits until what the server does by itself, such as starting, no longer changes its memory; not for ever. */
async function settled(): Promise<void> {
  let still = 0;
  for (let look = 0, known = 0; look < 50 && still < 5; look++) {
    await pause(100);
    const now = memory('VmRSS');
    still = Math.abs(now - known) < 0.5 ? still + 1 : 0;
    known = now;
  }
}

/** By how many MiB the server grew at most while the work was done. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  await settled();
  // Begins the highest mark anew (proc(5), clear_refs).
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
  const before = memory('VmRSS');
  await work();
  return Math.round(memory('VmHWM') - before);
}

const left = (): string[] => {
  const folder = join(database.dataDir, 'uploads');
  return readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
};

describe.skipIf(process.platform !== 'linux')('the memory of the server', () => {
  it('grows by less than 16 MiB for an upload of 100 MiB, the first one of all', async () => {
    const grown = await growth(async () => {
      const { status, body } = await send(bytesOf(100 * MIB - 3));
      expect([status, body.bytes]).toEqual([201, 100 * MIB]);
    });
    expect(grown).toBeLessThan(16);
  });

  it(`grows by less than 100 MiB for 20 uploads of ${CROWD_MIB} MiB at once`, { timeout: 180_000 }, async () => {
    const grown = await growth(async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => send(bytesOf(CROWD_MIB * MIB - 4), i + 10)),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    });
    expect(grown).toBeLessThan(100);
    expect(left()).toEqual([]);
  });

  it('grows by less than 64 MiB for a download of 100 MiB', async () => {
    const { body } = await send(bytesOf(100 * MIB - 3));
    const grown = await growth(async () => {
      const response = await fetch(url + body.url);
      let bytes = 0;
      for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).length;
      expect(bytes).toBe(100 * MIB);
    });
    expect(grown).toBeLessThan(64);
  });

  it.each<[string, () => Sharp]>([
    ['a JPEG that is turned', () => large().withMetadata({ orientation: 6 }).jpeg({ quality: 60 })],
    [
      'a JPEG with EXIF',
      () =>
        large()
          .withExif({ IFD0: { Copyright: 'x' } })
          .jpeg({ quality: 60 }),
    ],
    ['a PNG that is turned', () => large().withMetadata({ orientation: 8 }).png({ compressionLevel: 1 })],
    ['a WebP', () => large().webp({ quality: 50, effort: 0 })],
  ])('grows by less than 200 MiB for two of %s, of 40 megapixels', async (_, make) => {
    const image = await make().toBuffer();
    const grown = await growth(async () => {
      const answers = await Promise.all([0, 1].map(() => sendImage(image)));
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    });
    expect(grown).toBeLessThan(200);
    expect(left()).toEqual([]);
  });
});

const large = () => sharp({ create: { width: 8000, height: 5000, channels: 3, background: '#356' } });

async function sendImage(image: Buffer): Promise<{ status: number; body: any }> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(image)]), 'a.jpg');
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/api/v1/attachments`, { method: 'POST', body: form, headers });
  return { status: answer.status, body: await answer.json() };
}
