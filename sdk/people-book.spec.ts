import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FriendRequestView, FriendView, UserView } from '../src/protocol/views.js';
import { TIME } from './testing/fake-room.js';
import { FakeServer } from './testing/fake-server.js';
import { online } from './testing/start.js';

let server: FakeServer;

const user = (): UserView => {
  const { email: _, userRev: __, preferences: ___, ...own } = server.user;
  return { ...own, id: server.newId() };
};
const friend = (of = user()): FriendView => ({ ...of, alias: null, since: TIME });
const request = (from = user()): FriendRequestView => ({
  id: server.newId(),
  from,
  to: server.user,
  message: null,
  createdAt: TIME,
});

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
});
afterEach(() => vi.useRealTimers());

async function begin() {
  const watched = await online(server, { people: true });
  let changes = 0;
  watched.client.on('people', () => changes++);
  const tell = async (event: string, data: unknown) => {
    server.tell(event, data);
    await vi.advanceTimersByTimeAsync(50);
  };
  return { people: watched.client.people, tell, changes: () => changes };
}

describe('people', () => {
  it('are read when a client starts', async () => {
    const [ben, asked, blocked] = [friend(), request(), user()];
    server.people = { friends: [ben], incoming: [asked], outgoing: [], blocks: [{ user: blocked, createdAt: TIME }] };
    const { people } = await begin();
    expect([...people.friends.values()]).toEqual([ben]);
    expect([...people.requests.values()]).toEqual([asked]);
    expect([...people.blocks]).toEqual([blocked.id]);
  });

  it('are not read where nobody asked for them', async () => {
    await online(server);
    expect(server.requests.filter((path) => /friends|blocks/.test(path))).toEqual([]);
  });

  it('become friends, and then have no open request', async () => {
    const { people, tell, changes } = await begin();
    const asked = request();
    await tell('friend.requested', asked);
    expect([...people.requests.keys()]).toEqual([asked.id]);
    await tell('friend.accepted', friend(asked.from));
    expect([people.requests.size, [...people.friends.keys()]]).toEqual([0, [asked.from.id]]);
    await tell('friend.updated', { ...friend(asked.from), alias: 'Benny' });
    expect(people.friends.get(asked.from.id)?.alias).toBe('Benny');
    await tell('friend.removed', { userId: asked.from.id });
    expect([people.friends.size, changes()]).toEqual([0, 4]);
  });

  it('are refused and blocked', async () => {
    const { people, tell } = await begin();
    const asked = request();
    await tell('friend.requested', asked);
    await tell('friend.requestClosed', { id: asked.id, reason: 'declined' });
    await tell('block.updated', { userId: asked.from.id, blocked: true });
    expect([people.requests.size, [...people.blocks]]).toEqual([0, [asked.from.id]]);
    await tell('block.updated', { userId: asked.from.id, blocked: false });
    expect(people.blocks.size).toBe(0);
  });

  it('are read again when an event was lost', async () => {
    const { people } = await begin();
    const ben = friend();
    server.people = { ...server.people, friends: [ben] };
    server.userRev++;
    server.tell('read.updated', { roomId: server.newId(), readSeq: 0, readVersion: 0, unread: 0, mentions: 0 });
    await vi.advanceTimersByTimeAsync(100);
    expect([...people.friends.keys()]).toEqual([ben.id]);
  });
});
