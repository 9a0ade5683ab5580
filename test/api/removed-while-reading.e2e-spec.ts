import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RoomAccess } from '../../src/rooms/room-access.js';
import { type Actor, World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.stop());
afterEach(() => vi.restoreAllMocks());

/** Lets something happen between the look at the next reader's membership and what he reads. */
function betweenLookAndRead(happens: () => Promise<void>): void {
  const access = world.app.get(RoomAccess);
  const look = access.requireReader.bind(access);
  vi.spyOn(access, 'requireReader').mockImplementationOnce(async (principal, roomId) => {
    const head = await look(principal, roomId);
    await happens();
    return head;
  });
}

/** A room in which a message is pinned and answered to. */
async function scene() {
  const [ann, bob] = await world.users(2);
  const room = await world.room([ann, bob]);
  const sent = await ann.say(room.id, 'harmless');
  await ann.call('PUT', `/messages/${sent.id}/pin`);
  const reply = await ann.call('POST', `/rooms/${room.id}/messages`, { text: 'indeed', replyToId: sent.id });
  const pass = async () => {
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    await ann.call('PATCH', `/messages/${sent.id}`, { text: 'a secret' });
  };
  return { ann, bob, room, sent, reply: reply.body, pass };
}
type Scene = Awaited<ReturnType<typeof scene>>;

const PATHS: Readonly<Record<string, (scene: Scene) => string>> = {
  'a page of history': ({ room }) => `/rooms/${room.id}/messages`,
  'a page with a reply alone': ({ room, reply }) => `/rooms/${room.id}/messages?after=${reply.rev - 1}`,
  'a reply by itself': ({ reply }) => `/messages/${reply.id}`,
  changes: ({ room, sent }) => `/rooms/${room.id}/changes?since=${sent.rev - 1}`,
  pins: ({ room }) => `/rooms/${room.id}/pins`,
  replies: ({ sent }) => `/messages/${sent.id}/replies`,
  revisions: ({ sent }) => `/messages/${sent.id}/revisions`,
};

describe('who is removed while he reads', () => {
  const read = (who: Actor, path: string) => who.call('GET', path);

  it.each(Object.keys(PATHS))('is not shown in %s what was edited behind his removal', async (name) => {
    const all = await scene();
    betweenLookAndRead(all.pass);
    const { status, body } = await read(all.bob, PATHS[name](all));
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
    expect(JSON.stringify((await read(all.ann, PATHS[name](all))).body)).toContain('a secret');
  });

  it('still gets what was there before, where nothing of it was changed', async () => {
    const all = await scene();
    betweenLookAndRead(async () => {
      await all.ann.call('DELETE', `/rooms/${all.room.id}/members/${all.bob.id}`);
      await all.ann.say(all.room.id, 'a secret');
    });
    const { status, body } = await read(all.bob, `/rooms/${all.room.id}/messages`);
    expect(status).toBe(200);
    expect(body.items.at(-1).text).toBe('indeed');
  });

  it('who stays is shown the edit', async () => {
    const all = await scene();
    betweenLookAndRead(async () => {
      await all.ann.call('PATCH', `/messages/${all.sent.id}`, { text: 'better' });
    });
    const { status, body } = await read(all.bob, `/rooms/${all.room.id}/messages`);
    expect([status, JSON.stringify(body).includes('better')]).toEqual([200, true]);
  });
});
