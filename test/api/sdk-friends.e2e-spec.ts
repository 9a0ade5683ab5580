import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { RestApi } from '../../sdk/rest.js';
import type { SocketClass } from '../../sdk/socket.js';
import type { FriendRequestView } from '../../src/protocol/views.js';
import { World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

async function enter(name: string): Promise<{ id: string; rest: RestApi }> {
  const { rest } = new ParleyClient({ url: world.app.url, webSocket: WebSocket as unknown as SocketClass });
  return { id: (await rest.guest(name)).id, rest };
}

const idsOf = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

describe('the SDK’s calls of friends, blocks and preferences', () => {
  it('ask, take back, decline, accept, name and remove', async () => {
    const [ann, bob] = [await enter('Ann'), await enter('Bob')];
    const first = (await ann.rest.friends.ask(bob.id, 'It is me')) as FriendRequestView;
    expect(first).toMatchObject({ message: 'It is me', to: { id: bob.id } });
    expect(idsOf(await ann.rest.friends.requests('outgoing'))).toEqual([first.id]);
    await ann.rest.friends.cancel(first.id);
    const second = (await ann.rest.friends.ask(bob.id)) as FriendRequestView;
    await bob.rest.friends.decline(second.id);
    expect(idsOf(await bob.rest.friends.requests('incoming'))).toEqual([]);
    const third = (await ann.rest.friends.ask(bob.id)) as FriendRequestView;
    await bob.rest.friends.accept(third.id);
    expect(await ann.rest.friends.setAlias(bob.id, 'Bobby')).toMatchObject({ id: bob.id, alias: 'Bobby' });
    expect(idsOf(await bob.rest.friends.list({ limit: 1 }))).toEqual([ann.id]);
    await bob.rest.friends.remove(ann.id);
    expect(idsOf(await ann.rest.friends.list())).toEqual([]);
  });

  it('block, list and unblock, and choose who may write', async () => {
    const [ann, bob] = [await enter('Ann'), await enter('Bob')];
    expect((await ann.rest.friends.block(bob.id)).user.id).toBe(bob.id);
    expect((await ann.rest.friends.blocks()).items.map(({ user }) => user.id)).toEqual([bob.id]);
    await expect(bob.rest.directRoom(ann.id)).rejects.toMatchObject({ code: 'BLOCKED' });
    await ann.rest.friends.unblock(bob.id);
    expect(await ann.rest.updatePreferences({ contact: 'friends' })).toEqual({ contact: 'friends', receipts: true });
    expect(await ann.rest.preferences()).toMatchObject({ contact: 'friends' });
    await expect(bob.rest.directRoom(ann.id)).rejects.toMatchObject({ code: 'CONTACT_CLOSED' });
  });
});
