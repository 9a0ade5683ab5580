import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberRoomView } from '../../src/protocol/views.js';
import { filesIn, formOf, pictureOf } from '../support/pictures.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

/** Whatever is at the address, without a token. */
async function load(path: string) {
  const response = await fetch(path.startsWith('/api') ? world.app.url + path : world.app.apiUrl + path);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function upload(actor: Actor, roomId: string, body: FormData) {
  const headers = { authorization: `Bearer ${actor.token}` };
  const response = await fetch(`${world.app.apiUrl}/rooms/${roomId}/avatar`, { method: 'PUT', body, headers });
  return { status: response.status, body: JSON.parse(await response.text()) as any };
}

const form = async () => formOf(await pictureOf('png'));

describe('the picture of a room', () => {
  it('is made up at first, alike for a room that is private, public or not there', async () => {
    const ann = await world.user();
    const [open, hidden] = [await world.room([ann], { visibility: 'public' }), await world.room([ann])];
    for (const id of [open.id, hidden.id, newUlid()]) {
      const picture = await load(`/rooms/${id}/avatar`);
      expect([picture.status, picture.type]).toEqual([200, 'image/svg+xml']);
    }
    expect(open.avatarUrl).toBe(`/api/v1/rooms/${open.id}/avatar?v=made-up`);
    const bob = await world.user();
    const direct = (await ann.call<MemberRoomView>('POST', '/rooms/direct', { userId: bob.id })).body;
    expect(direct.avatarUrl).toBeNull();
  });

  it('is set by admins, told to the members alone, and replaced with its files', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob]);
    const [hears, stranger] = [await bob.connect(), await cid.connect()];
    const before = filesIn(world, 'files').length;
    const { status, body } = await upload(ann, id, await form());
    expect([status, filesIn(world, 'files').length]).toEqual([200, before + 2]);
    const { data } = await hears.next('room.updated');
    expect(data.avatarUrl).toBe(body.avatarUrl);
    expect(data.notice.payload).toEqual({ type: 'room.updated', byId: ann.id, avatarUrl: body.avatarUrl });
    const second = await upload(ann, id, await form());
    expect(second.body.avatarUrl).not.toBe(body.avatarUrl);
    expect(filesIn(world, 'files')).toHaveLength(before + 2);
    expect((await load(second.body.avatarUrl)).type).toBe('image/webp');
    expect((await load(body.avatarUrl)).type).toBe('image/svg+xml');
    await stranger.call('ping');
    expect(stranger.durable(id)).toEqual([]);
    expect((await ann.call('DELETE', `/rooms/${id}/avatar`)).status).toBe(204);
    expect(filesIn(world, 'files')).toHaveLength(before);
    expect((await bob.call('GET', `/rooms/${id}`)).body.avatarUrl).toMatch(/v=made-up$/);
    expect((await ann.call('DELETE', `/rooms/${id}/avatar`)).status).toBe(204);
    expect((await ann.call('GET', `/rooms/${id}`)).body.headRev).toBe(5);
  });

  it('of a private room is shown to who was shown its address, of a public one to everybody', async () => {
    const ann = await world.user();
    const [open, hidden] = [await world.room([ann], { visibility: 'public' }), await world.room([ann])];
    for (const { id } of [open, hidden]) await upload(ann, id, await form());
    expect((await load(`/rooms/${open.id}/avatar`)).type).toBe('image/webp');
    const made = await load(`/rooms/${hidden.id}/avatar`);
    expect(made.type).toBe('image/svg+xml');
    for (const guess of ['made-up', newUlid(), 'x']) {
      expect((await load(`/rooms/${hidden.id}/avatar?v=${guess}`)).text).toBe(made.text);
    }
    const { avatarUrl } = (await ann.call('GET', `/rooms/${hidden.id}`)).body;
    expect((await load(avatarUrl)).type).toBe('image/webp');
  });

  it('is refused for members, outsiders and archived rooms, and leaves no file', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob]);
    const before = filesIn(world, 'files').length;
    const codeOf = async (actor: Actor, body: FormData) => (await upload(actor, id, body)).body.code as string;
    expect(await codeOf(bob, await form())).toBe('FORBIDDEN');
    expect(await codeOf(cid, await form())).toBe('NOT_FOUND');
    expect(await codeOf(ann, formOf('no picture'))).toBe('UNSUPPORTED_MEDIA');
    await ann.call('POST', `/rooms/${id}/archive`);
    expect(await codeOf(ann, await form())).toBe('ROOM_ARCHIVED');
    expect((await ann.call('DELETE', `/rooms/${id}/avatar`)).body.code).toBe('ROOM_ARCHIVED');
    expect(filesIn(world, 'files')).toHaveLength(before);
    expect(filesIn(world, 'uploads')).toEqual([]);
  });
});
