import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/common/clock.js';
import type { Json } from '../support/schemas.js';
import type { Frame } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

const LOW = {
  LIMIT_PAGE: '3',
  LIMIT_CHANGES_PAGE: '4',
  LIMIT_CHANGES_GAP: '6',
  LIMIT_START_ROOMS: '2',
  LIMIT_CURSOR_ROOMS: '3',
  LIMIT_OPEN_ROOMS: '2',
  LIMIT_PRESENCE_WATCHES: '3',
  LIMIT_FRAME_DEPTH: '6',
  LIMIT_TEXT_LENGTH: '10',
  LIMIT_SEARCH_LENGTH: '10',
  LIMIT_CREATE_MEMBERS: '2',
};
/** Above what the program brings. */
const HIGH = { LIMIT_PAGE: '150', LIMIT_CHANGES_PAGE: '300', LIMIT_START_ROOMS: '7', LIMIT_CURSOR_ROOMS: '600' };

let low: World;
let high: World;
let ann: Actor;
let rooms: string[];

beforeAll(async () => {
  [low, high] = [await World.create(LOW), await World.create(HIGH)];
  ann = await low.user();
  rooms = [];
  for (let i = 0; i < 4; i++) rooms.push((await low.room([ann])).id);
  for (let i = 0; i < 7; i++) await ann.say(rooms[0]);
});

afterAll(async () => {
  await low?.stop();
  await high?.stop();
});

const ulids = (count: number) => Array.from({ length: count }, () => newUlid());
const revs = (count: number) => Object.fromEntries(ulids(count).map((id) => [id, 1]));

/** The code of a refusal and the path it names; the event of anything else. */
const inShort = ({ event, data }: Frame): string =>
  event === 'error' ? `${data.code} ${data.errors?.[0]?.path ?? ''}`.trim() : event;

async function start(actor: Actor, given: object): Promise<Frame> {
  const socket = await actor.open();
  return socket.call('session.start', { token: actor.token, ...given });
}

/** Every address of a list that is asked for in pages. */
async function listsOf(world: World, roomId: string): Promise<string[]> {
  const { body } = await world.call<Json>('GET', `${world.app.url}/api/openapi.json`);
  const paths = Object.entries(body.paths as Record<string, Json>).filter(
    ([path, { get }]) =>
      get?.parameters.some(({ name }: Json) => name === 'limit') &&
      !path.endsWith('/changes') &&
      // The id is a room's here.
      !path.includes('/messages/{id}/'),
  );
  const asked = (path: string) => (path.endsWith('/users') ? 'query=a&' : path.includes('/search/') ? 'q=a&' : '');
  return paths.map(([path]) => `${world.app.url}${path.replace('{id}', roomId)}?${asked(path)}`);
}

describe('the limits in force', () => {
  it('are told alike by hello and by GET /config', async () => {
    const { body } = await low.call('GET', '/config');
    const { rates: _, ...limits } = low.app.config.limits;
    expect(body.limits).toEqual(limits);
    expect((await (await ann.open()).next('hello')).data.limits).toEqual(limits);
  });
});

describe('page', () => {
  it.each([
    ['low', 3],
    ['high', 150],
  ])('is the most that a list gives, where it is %s', async (which, most) => {
    const world = which === 'low' ? low : high;
    const actor = which === 'low' ? ann : await high.user();
    const roomId = which === 'low' ? rooms[0] : (await high.room([actor])).id;
    const lists = await listsOf(world, roomId);
    expect(lists.length).toBeGreaterThan(7);
    for (const list of lists) {
      const within = await actor.call('GET', `${list}limit=${most}`);
      const past = await actor.call('GET', `${list}limit=${most + 1}`);
      expect([list, within.status, past.status, past.body.errors?.[0].path]).toEqual([list, 200, 422, 'limit']);
    }
  });

  it('is also the most where no limit is asked for', async () => {
    const { body } = await ann.call('GET', '/rooms');
    expect([body.items.length, typeof body.next]).toEqual([3, 'string']);
    expect((await ann.call('GET', `/rooms/${rooms[0]}/messages`)).body.items).toHaveLength(3);
  });
});

describe('changesPage', () => {
  it('is the most that is asked for and given, over REST and socket', async () => {
    const socket = await ann.connect();
    const path = `/rooms/${rooms[0]}/changes?since=4`;
    expect((await ann.call('GET', `${path}&limit=4`)).body).toMatchObject({ more: false, items: { length: 4 } });
    expect((await ann.call('GET', `${path}&limit=5`)).status).toBe(422);
    const ask = (limit?: number) => socket.call('room.changes', { roomId: rooms[0], since: 3, limit });
    expect((await ask(4)).data.items).toHaveLength(4);
    expect((await ask()).data.items).toHaveLength(4);
    expect(inShort(await ask(5))).toBe('VALIDATION_FAILED limit');
  });

  it('can be raised', async () => {
    const bob = await high.user();
    const { id } = await high.room([bob]);
    expect((await bob.call('GET', `/rooms/${id}/changes?since=0&limit=300`)).status).toBe(200);
    expect((await bob.call('GET', `/rooms/${id}/changes?since=0&limit=301`)).status).toBe(422);
  });
});

describe('changesGap', () => {
  it('is served, and one more is a reset', async () => {
    const { body: room } = await ann.call('GET', `/rooms/${rooms[0]}`);
    const changes = async (gap: number) =>
      (await ann.call('GET', `/rooms/${rooms[0]}/changes?since=${room.headRev - gap}`)).body.reset as boolean;
    expect([await changes(6), await changes(7)]).toEqual([false, true]);
  });
});

describe('startRooms', () => {
  it('are opened at the start, and no more', async () => {
    expect(inShort(await start(ann, { open: ulids(2) }))).toBe('session.ready');
    expect(inShort(await start(ann, { open: ulids(3) }))).toBe('VALIDATION_FAILED open');
    const bob = await high.user();
    expect(inShort(await start(bob, { open: ulids(7) }))).toBe('session.ready');
    expect(inShort(await start(bob, { open: ulids(8) }))).toBe('VALIDATION_FAILED open');
  });
});

describe('cursorRooms', () => {
  it('are taken, and no more; as many are told of', async () => {
    const ready = await start(ann, { cursor: { rooms: revs(3) } });
    expect([inShort(ready), ready.data.rooms.length, ready.data.more]).toEqual(['session.ready', 3, true]);
    expect(inShort(await start(ann, { cursor: { rooms: revs(4) } }))).toBe('VALIDATION_FAILED cursor.rooms');
    const bob = await high.user();
    expect(inShort(await start(bob, { cursor: { rooms: revs(600) } }))).toBe('session.ready');
    expect(inShort(await start(bob, { cursor: { rooms: revs(601) } }))).toBe('VALIDATION_FAILED cursor.rooms');
  });
});

describe('createMembers', () => {
  it('may be named when a room is made, and no more', async () => {
    const bob = await low.user();
    const memberIds = (await low.users(3)).map(({ id }) => id);
    const create = async (count: number) => {
      const body = { name: 'A room', visibility: 'private', memberIds: memberIds.slice(0, count) };
      return (await bob.call('POST', '/rooms', body)).status;
    };
    expect([await create(2), await create(3)]).toEqual([201, 422]);
  });
});

describe('openRooms', () => {
  it('may be open on a connection, and no more; one that is closed makes place', async () => {
    const socket = await ann.connect({ follow: 'open' });
    const open = async (roomId: string) => inShort(await socket.call('room.open', { roomId }));
    expect([await open(rooms[0]), await open(rooms[1]), await open(rooms[1])]).toEqual(['ack', 'ack', 'ack']);
    expect(await open(rooms[2])).toBe('QUOTA_EXCEEDED');
    await socket.call('room.close', { roomId: rooms[0] });
    expect(await open(rooms[2])).toBe('ack');
  });
});

describe('presenceWatches', () => {
  it('may be watched by a connection, and no more; one that is not watched any more makes place', async () => {
    const socket = await ann.connect();
    const watch = async (userIds: string[]) => inShort(await socket.call('presence.watch', { userIds }));
    const [first, ...others] = ulids(4);
    expect(await watch([first, first, ...others.slice(0, 2)])).toBe('VALIDATION_FAILED userIds');
    expect([await watch([first, ...others.slice(0, 2)]), await watch([first])]).toEqual(['ack', 'ack']);
    expect(await watch([others[2]])).toBe('QUOTA_EXCEEDED');
    await socket.call('presence.unwatch', { userIds: [first] });
    expect([await watch([others[2]]), await watch([first])]).toEqual(['ack', 'QUOTA_EXCEEDED']);
    expect(inShort(await start(ann, { watch: ulids(3) }))).toBe('session.ready');
    expect(inShort(await start(ann, { watch: ulids(4) }))).toBe('VALIDATION_FAILED watch');
  });
});

describe('frameDepth', () => {
  const nest = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  it('holds for a frame: it is the first level, its data the second', async () => {
    const socket = await ann.connect();
    const ask = async (levels: number) => {
      socket.forget();
      socket.raw(`{"id":"a","event":"ping","data":{"a":${nest(levels)}}}`);
      return inShort(await socket.next('error'));
    };
    expect([await ask(4), await ask(5)]).toEqual(['VALIDATION_FAILED', 'BAD_REQUEST']);
  });

  it('holds for a body: it is the first level', async () => {
    const ask = async (levels: number) => {
      const headers = { 'content-type': 'application/json' };
      const body = `{"a":${nest(levels)}}`;
      return (await fetch(`${low.app.apiUrl}/auth/guest`, { method: 'POST', headers, body })).status;
    };
    expect([await ask(5), await ask(6)]).toEqual([422, 400]);
  });
});

describe('textLength', () => {
  it('is counted in characters, over REST and socket', async () => {
    const socket = await ann.connect();
    const send = async (text: string) =>
      inShort(await socket.call('message.send', { roomId: rooms[1], id: newUlid(), text }));
    const post = async (text: string) =>
      (await ann.call('POST', `/rooms/${rooms[1]}/messages`, { id: newUlid(), text })).status;
    expect([await send('😀'.repeat(10)), await send('😀'.repeat(11))]).toEqual(['ack', 'VALIDATION_FAILED text']);
    expect([await post('😀'.repeat(10)), await post('😀'.repeat(11))]).toEqual([201, 422]);
  });
});

describe('searchLength', () => {
  it('is counted in characters', async () => {
    const ask = async (q: string) => {
      const { status, body } = await ann.call('GET', `/search/messages?q=${encodeURIComponent(q)}`);
      return [status, body.errors?.[0].path];
    };
    expect(await ask(`a${'😀'.repeat(9)}`)).toEqual([200, undefined]);
    expect(await ask(`a${'😀'.repeat(10)}`)).toEqual([422, 'q']);
  });
});

describe('rates', () => {
  const clock = { now: 1_800_000_000_000 };
  let world: World;
  beforeAll(async () => {
    world = await World.create({
      LIMITS: 'on',
      LIMIT_COMMANDS_BURST: '4',
      LIMIT_COMMANDS_PER_SECOND: '2',
      LIMIT_SENDS_BURST: '3',
      LIMIT_SENDS_PER_SECOND: '2',
      LIMIT_SEARCHES_BURST: '3',
      LIMIT_SEARCHES_PER_SECOND: '2',
      LIMIT_REQUESTS_BURST: '8',
      LIMIT_REQUESTS_PER_SECOND: '2',
      TRUST_PROXY: 'on',
    });
    vi.spyOn(world.app.app.get(Clock), 'now').mockImplementation(() => clock.now);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await world.stop();
  });

  /** As many as may be at once, one more, and then one for every half second. */
  async function expectRate(burst: number, ask: () => Promise<string>): Promise<void> {
    const answers: string[] = [];
    for (let i = 0; i <= burst; i++) answers.push(await ask());
    expect(answers).toEqual([...Array<string>(burst).fill('taken'), 'RATE_LIMITED 500']);
    clock.now += 499;
    expect(await ask()).toMatch(/^RATE_LIMITED [12]$/);
    clock.now += 1;
    expect([await ask(), await ask()]).toEqual(['taken', 'RATE_LIMITED 500']);
  }

  const told = ({ code, retryAfterMs }: Json) => (code ? `${code} ${retryAfterMs}` : 'taken');

  it('of commands: commandsBurst at once, then commandsPerSecond', async () => {
    const socket = await (await world.user()).connect();
    await expectRate(4, async () => told((await socket.call('ping')).data));
  });

  it('of sends: sendsBurst at once, then sendsPerSecond', async () => {
    const bob = await world.user();
    const { id } = await world.room([bob]);
    await expectRate(3, async () =>
      told((await bob.call('POST', `/rooms/${id}/messages`, { id: newUlid(), text: 'x' })).body),
    );
  });

  it('of searches: searchesBurst at once, then searchesPerSecond', async () => {
    const eve = await world.user();
    await expectRate(3, async () => told((await eve.call('GET', '/search/messages?q=word')).body));
  });

  it('of requests: requestsBurst at once, then requestsPerSecond', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    await expectRate(8, async () => told((await world.call('GET', '/config', { headers })).body));
  });
});
