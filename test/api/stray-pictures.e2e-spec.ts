import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Pictures } from '../../src/media/pictures.service.js';
import { encodeTime } from '../../src/protocol/ulid.js';
import { filesIn, formOf, pictureOf, upload } from '../support/pictures.js';
import { type Actor, World } from '../support/world.js';

const HOUR_MS = 3_600_000;

describe('pictures that are nobody’s', () => {
  const form = async () => formOf(await pictureOf('png', { width: 10, height: 10 }));
  const idOf = (avatarUrl: string) => avatarUrl.slice(-26);
  const filesOf = (pictureId: string) => [64, 256].map((size) => `${pictureId.slice(-2)}/${pictureId}-${size}.webp`);

  async function start(): Promise<World> {
    const world = await World.create();
    onTestFinished(async () => {
      vi.restoreAllMocks();
      await world.stop();
    });
    return world;
  }

  async function uploadOf(world: World, actor: Actor): Promise<string> {
    return idOf((await upload(world, actor, await form())).body.avatarUrl);
  }

  async function uploadFor(world: World, actor: Actor, roomId: string): Promise<string> {
    const headers = { authorization: `Bearer ${actor.token}` };
    const ask = { method: 'PUT', body: await form(), headers };
    const response = await fetch(`${world.app.apiUrl}/rooms/${roomId}/avatar`, ask);
    return idOf(((await response.json()) as { avatarUrl: string }).avatarUrl);
  }

  /** From here on the process is as if it were killed behind each commit. */
  const killBehindCommits = (world: World) => vi.spyOn(world.app.get(Pictures), 'remove').mockResolvedValue();

  async function restartAfter(world: World, ms: number): Promise<void> {
    const later = Date.now() + ms;
    const before = performance.now();
    vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(later + performance.now() - before));
    world.app = await world.app.restart();
  }

  function put(world: World, name: string): void {
    const path = join(world.app.config.dataDir, 'files/pictures', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'x');
  }

  const kept = (world: World) => filesIn(world, 'files/pictures').sort();

  it('go at the start when they are older than an hour, and no others do', async () => {
    const world = await start();
    const [ann, bob, cid] = await world.users(3);
    const room = await world.room([ann]);
    const own = [await uploadOf(world, ann), await uploadFor(world, ann, room.id)];
    killBehindCommits(world);
    const strays = [await uploadOf(world, bob), await uploadOf(world, cid), await uploadFor(world, ann, room.id)];
    // Of Bob the account goes, of Cid the picture, and the room has the one before again.
    await bob.call('DELETE', '/users/me');
    await cid.call('DELETE', '/users/me/avatar');
    await world.app.rows('UPDATE rooms SET avatar = ? WHERE id = ?', [own[1], room.id]);
    // Of another database, by its id; and what is no picture.
    const foreign = [...filesOf('01ARZ3NDEKTSV4RRFFQ69G5FAV'), 'xx/notes.txt'];
    for (const name of foreign) put(world, name);
    expect(kept(world)).toEqual([...own, ...strays].flatMap(filesOf).concat(foreign).sort());

    const young = encodeTime(Date.now() + 1.5 * HOUR_MS) + strays[0].slice(10);
    for (const name of filesOf(young)) put(world, name);
    await restartAfter(world, 2 * HOUR_MS);
    await expect.poll(() => kept(world)).toEqual([...own, young].flatMap(filesOf).concat(foreign).sort());
    // Those that are left are shown.
    for (const path of [`users/${ann.id}`, `rooms/${room.id}`]) {
      const picture = await fetch(`${world.app.apiUrl}/${path}/avatar?v=${path.startsWith('rooms') ? own[1] : own[0]}`);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    }
  });

  it('go however many there are', async () => {
    const world = await start();
    const ann = await world.user();
    const own = await uploadOf(world, ann);
    const alike = (i: number) => `${own.slice(0, 20)}${String(i).padStart(6, '0')}`;
    for (let i = 0; i < 1200; i++) put(world, filesOf(alike(i))[i % 2]);
    await restartAfter(world, 2 * HOUR_MS);
    await expect.poll(() => kept(world), { timeout: 10_000 }).toEqual(filesOf(own).sort());
  });
});
