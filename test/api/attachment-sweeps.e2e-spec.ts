import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AttachmentFiles } from '../../src/attachments/attachment-files.service.js';
import { AttachmentsService } from '../../src/attachments/attachments.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { encodeTime } from '../../src/protocol/ulid.js';
import { load, loadAs, uploaded } from '../support/attachments.js';
import { filesIn, formOf, pictureOf } from '../support/pictures.js';
import { S3Server } from '../support/s3-server.js';
import { World, newUlid } from '../support/world.js';

const HOUR_MS = 3_600_000;

async function start(env: Record<string, string> = {}): Promise<World> {
  const world = await World.create(env);
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await world.stop();
  });
  return world;
}

async function restartAfter(world: World, ms: number): Promise<void> {
  const later = Date.now() + ms;
  const before = performance.now();
  vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(later + performance.now() - before));
  await world.restart();
}

function put(world: World, name: string, content = 'x'): string {
  const path = join(world.app.config.dataDir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const stored = (world: World) => filesIn(world, 'files').sort();

describe('uploads that nobody sends', () => {
  it('go after 24 hours, with their files, and no others do', async () => {
    const world = await start();
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const [old, sent, shared] = [
      await uploaded(ann, newUlid()),
      await uploaded(ann, newUlid()),
      await uploaded(ann, 'both'),
    ];
    const message = await ann.say(room.id);
    const copy = await uploaded(ann, 'both');
    const place = { roomId: room.id, messageId: message.id, rev: message.rev, senderId: ann.id };
    await world.app.get(UnitOfWork).run((tx) => world.app.get(AttachmentsService).claim(tx, [sent.id, copy.id], place));
    const many = await Promise.all(Array.from({ length: 3 }, (_, i) => uploaded(bob, `many ${i}`)));
    // One of them is half an hour older.
    const older = encodeTime(Date.now() - HOUR_MS / 2) + old.id.slice(10);
    await world.app.rows('UPDATE attachments SET id = ? WHERE id = ?', [older, old.id]);
    const left = async () => {
      const rows = await world.app.rows<{ id: string }>('SELECT id FROM attachments');
      return rows.map(({ id }) => id).sort();
    };
    const idsOf = (views: readonly { id: string }[]) => views.map(({ id }) => id).sort();
    expect([stored(world).length, (await left()).length]).toEqual([6, 7]);
    await restartAfter(world, 23.9 * HOUR_MS);
    await expect.poll(left, { timeout: 10_000 }).toEqual(idsOf([sent, shared, copy, ...many]));
    await expect.poll(() => stored(world).length).toBe(5);
    await restartAfter(world, 0.2 * HOUR_MS);
    await expect.poll(left, { timeout: 10_000 }).toEqual(idsOf([sent, copy]));
    await expect.poll(() => stored(world).length).toBe(2);
  });
});

describe('files that no row names', () => {
  it('go at the start when they are older than an hour, and no others do', async () => {
    const world = await start();
    const ann = await world.user();
    const kept = await uploaded(ann, await pictureOf('png'));
    const own = stored(world);
    const strays = [await uploaded(ann, newUlid()), await uploaded(ann, await pictureOf('png', { width: 31 }))];
    // From here on the process is as if it were killed behind each commit.
    vi.spyOn(world.app.get(AttachmentFiles), 'remove').mockResolvedValue();
    for (const { id } of strays) expect((await ann.call('DELETE', `/attachments/${id}`)).status).toBe(204);
    expect(stored(world)).toHaveLength(own.length + 3);
    const young = encodeTime(Date.now() + 1.5 * HOUR_MS) + newUlid().slice(10);
    const foreign = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const others = [young, foreign]
      .map((id) => `attachments/${id.slice(-2)}/${id}.bin`)
      .concat('attachments/xx/notes.txt');
    for (const name of others) put(world, join('files', name));
    await restartAfter(world, 2 * HOUR_MS);
    await expect.poll(() => stored(world)).toEqual([...own, ...others].sort());
    // Two hours later her token is not good any more.
    const { refreshToken } = ann.tokens;
    const { body } = await world.call('POST', '/auth/refresh', { body: { refreshToken } });
    const headers = { authorization: `Bearer ${body.accessToken}` };
    expect((await load(world, `/attachments/${kept.id}`, { headers })).status).toBe(200);
    // The server ends at once when the connection is seen to be free again.
    expect((await world.call('GET', '/config')).status).toBe(200);
  });
});

describe('files on their way', () => {
  it('of a killed process go at the start, made ones too, and younger ones do not', async () => {
    const world = await start();
    const old = ['uploads/1', 'uploads/1.made'].map((name) => put(world, name));
    put(world, 'uploads/2');
    for (const path of old) utimesSync(path, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600);
    await world.restart();
    expect(filesIn(world, 'uploads')).toEqual(['2']);
  });
});

describe('attachments in a bucket', () => {
  it('are stored once, loaded in part, and gone with their last row; avatars are there too', async () => {
    const server = await S3Server.start();
    onTestFinished(() => server.stop());
    const world = await start({ STORAGE_URL: server.url() });
    const [ann, bob] = await world.users(2);
    const content = Buffer.alloc(200_000, newUlid());
    const [one, other] = await Promise.all([uploaded(ann, content), uploaded(bob, content)]);
    expect(server.objects.size).toBe(1);
    expect((await load(world, other.url)).bytes.equals(content)).toBe(true);
    const part = await loadAs(world, ann, one.id, { range: 'bytes=100-199' });
    expect([part.status, part.bytes.equals(content.subarray(100, 200))]).toEqual([206, true]);
    for (const [actor, { id }] of [
      [ann, one],
      [bob, other],
    ] as const) {
      expect(server.objects.size).toBe(1);
      expect((await actor.call('DELETE', `/attachments/${id}`)).status).toBe(204);
    }
    expect(server.objects.size).toBe(0);
    const image = await uploaded(ann, await pictureOf('jpeg'));
    expect((await load(world, image.thumbnailUrl ?? '')).headers.get('content-type')).toBe('image/webp');
    expect((await ann.call('PUT', '/users/me/avatar', formOf(await pictureOf('png')))).status).toBe(200);
    expect(server.objects.size).toBe(4);
    expect(filesIn(world, 'uploads')).toEqual([]);
    server.faults.push(503, 503, 503, 503, 503, 503);
    const { status, body } = await ann.call('POST', '/attachments', formOf('never stored'));
    expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
    expect(server.objects.size).toBe(4);
    expect(await world.app.rows('SELECT id FROM attachments')).toHaveLength(1);
  });
});
