import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { Clock } from '../../src/common/clock.js';
import { DatabaseLogger } from '../../src/database/logger.js';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import type { MeView, Page, UserView } from '../../src/protocol/views.js';
import { UserRevs } from '../../src/users/user-revs.service.js';
import { UsersService } from '../../src/users/users.service.js';
import { engine } from '../support/engine.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());
afterEach(() => vi.restoreAllMocks());

const change = (actor: Actor, body: object) => actor.call<MeView>('PATCH', '/users/me', body);
// eslint-disable-next-line typescript/no-explicit-any
const refusalOf = ({ status, body }: Answer<any>) => [status, body.code];

/** Everybody a search finds, read in pages of `limit`. */
async function search(actor: Actor, query: string, limit = 50): Promise<UserView[]> {
  const found: UserView[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const place: string = cursor && `&cursor=${cursor}`;
    const path = `/users?query=${encodeURIComponent(query)}&limit=${limit}${place}`;
    const { status, body } = await actor.call<Page<UserView>>('GET', path);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    if (body.next !== null) expect(body.items).toHaveLength(limit);
    found.push(...body.items);
    cursor = body.next;
  }
  return found;
}

const idsOf = (users: readonly { id: string }[]) => users.map(({ id }) => id);
const sorted = (texts: readonly string[]) => [...texts].sort((a, b) => (a < b ? -1 : 1));

describe('GET /users/me and /users/:id', () => {
  it('shows oneself with private fields, and to others without them', async () => {
    const [ann, bob] = await world.users(2);
    await change(ann, { email: 'private@example.org' });
    const { body: me } = await ann.call<MeView>('GET', '/users/me');
    expect(me).toEqual({
      id: ann.id,
      username: expect.stringMatching(/^guest-/),
      displayName: 'User 1',
      avatarUrl: `/api/v1/users/${ann.id}/avatar?v=made-up`,
      bio: null,
      role: 'guest',
      status: null,
      createdAt: expect.any(String),
      email: 'private@example.org',
      userRev: 1,
      preferences: { contact: 'everybody', receipts: true },
      presence: null,
    });
    const { email: _email, userRev: _userRev, preferences: _preferences, presence: _presence, ...open } = me;
    expect((await bob.call('GET', `/users/${ann.id}`)).body).toEqual(open);
  });

  it('finds nobody for an unknown id or a deleted account, and refuses what is no id', async () => {
    const [ann, bob] = await world.users(2);
    await world.app.rows("UPDATE users SET status = 'deleted' WHERE id = ?", [bob.id]);
    for (const id of [newUlid(), bob.id]) {
      expect(refusalOf(await ann.call('GET', `/users/${id}`))).toEqual([404, 'NOT_FOUND']);
    }
    for (const id of ['nonsense', ann.id.toLowerCase(), `${ann.id}%20`]) {
      expect(refusalOf(await ann.call('GET', `/users/${id}`))).toEqual([422, 'VALIDATION_FAILED']);
    }
  });
});

describe('POST /users/lookup', () => {
  const lookUp = (actor: Actor, ids: unknown) => actor.call<{ items: UserView[] }>('POST', '/users/lookup', { ids });

  it('answers in the order of the ids, each once, and leaves unknown ones out', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { status, body } = await lookUp(ann, [cid.id, newUlid(), ann.id, cid.id, bob.id]);
    expect(status).toBe(200);
    expect(idsOf(body.items)).toEqual([cid.id, ann.id, bob.id]);
    expect(body.items[0]).not.toHaveProperty('email');
    expect((await lookUp(ann, [])).body).toEqual({ items: [] });
  });

  it('takes 100 ids and no more, and nothing but ids', async () => {
    const ann = await world.user();
    const ids = Array.from({ length: 99 }, newUlid);
    expect(idsOf((await lookUp(ann, [...ids, ann.id])).body.items)).toEqual([ann.id]);
    for (const bad of [[...ids, ann.id, newUlid()], ann.id, [ann.id, 'x'], { 0: ann.id }, null]) {
      expect(refusalOf(await lookUp(ann, bad))).toEqual([422, 'VALIDATION_FAILED']);
    }
  });
});

describe('LIMIT_LOOKUP_IDS', () => {
  it('bounds a look-up, at the limit and one past it', async () => {
    const other = await World.create({ LIMIT_LOOKUP_IDS: '2' });
    const ann = await other.user();
    const ask = (count: number) => ann.call('POST', '/users/lookup', { ids: Array.from({ length: count }, newUlid) });
    expect((await ask(2)).status).toBe(200);
    expect(refusalOf(await ask(3))).toEqual([422, 'VALIDATION_FAILED']);
    await other.stop();
  });
});

describe('GET /users?query=', () => {
  it('finds by any part of the user name and of the display name, in any case and width', async () => {
    const [ann, bob] = [await world.user('Xaver Klein'), await world.account('xavier.b')];
    for (const query of ['xav', 'XAV', 'ｘａｖ', ' xav ', 'av']) {
      expect(sorted(idsOf(await search(ann, query)))).toEqual(sorted([ann.id, bob.id]));
    }
    expect(idsOf(await search(ann, 'xaver  k'))).toEqual([ann.id]);
    expect(idsOf(await search(ann, 'klein'))).toEqual([ann.id]);
    expect(idsOf(await search(ann, 'r kle'))).toEqual([ann.id]);
    expect(idsOf(await search(ann, 'ier.b'))).toEqual([bob.id]);
    expect(idsOf(await search(ann, 'xavx'))).toEqual([]);
  });

  it('names first whom it is, then who begins so, then who has such a word, then the others', async () => {
    const inside = await world.user('Pumarten');
    const word = await world.user('Zed Marten');
    const longer = await world.user('Martens');
    const exact = await world.user('Mart\u00e9n');
    const named = await world.account('marten');
    await change(named, { displayName: 'Zz' });
    const wanted = idsOf([named, exact, longer, word, inside]);
    for (const limit of [1, 2, 3, 50]) expect(idsOf(await search(named, 'marten', limit))).toEqual(wanted);
  });

  it('finds a guest by the beginning of his made-up user name, and not by what is inside', async () => {
    const ann = await world.user('Guinevere');
    const { username } = ann.tokens.user;
    expect(idsOf(await search(ann, username))).toEqual([ann.id]);
    expect(idsOf(await search(ann, username.slice(0, 14)))).toEqual([ann.id]);
    expect(idsOf(await search(ann, username.slice(6)))).toEqual([]);
  });

  it('compares the whole of a long part, not only what is stored of it', async () => {
    const [ann, other] = [await world.user(`${'abc'.repeat(10)} one`), await world.user(`${'abc'.repeat(10)} two`)];
    expect(idsOf(await search(ann, `${'abc'.repeat(10)} one`))).toEqual([ann.id]);
    expect(idsOf(await search(ann, `bc${'abc'.repeat(8)} two`))).toEqual([other.id]);
    expect(await search(ann, `${'abc'.repeat(12)}`)).toEqual([]);
  });

  it('finds somebody by a name since he has it, and no longer by the one before', async () => {
    const ann = await world.user('Cornelius');
    await change(ann, { displayName: 'Prudence' });
    expect(idsOf(await search(ann, 'ruden'))).toEqual([ann.id]);
    expect(await search(ann, 'ornel')).toEqual([]);
    const rows = await world.app.rows<{ tail: string }>('SELECT tail FROM user_names WHERE userId = ?', [ann.id]);
    expect(rows.map(({ tail }) => tail).filter((tail) => tail.startsWith('p'))).toEqual(['prudence']);
    expect(rows).toHaveLength('prudence'.length + 1);
  });

  it('finds somebody once who matches by both names', async () => {
    const ann = await world.account('ophelia');
    await change(ann, { displayName: 'Ophelia' });
    expect(idsOf(await search(ann, 'oph', 1))).toEqual([ann.id]);
  });

  it('finds letters with accents and without by each other, however they are typed', async () => {
    const [zoe, plain] = [await world.user('Zo\u00eb Q'), await world.user('Zoe Q')];
    for (const query of ['zo\u00eb', 'zoe\u0308', 'ZOE', 'oe\u0301 q', 'o\u00ea']) {
      expect(sorted(idsOf(await search(zoe, query)))).toEqual(sorted([zoe.id, plain.id]));
    }
    const duc = await world.user('Nguy\u1ec5n \u0110\u1ee9c');
    expect(idsOf(await search(duc, 'yen d'))).toEqual([duc.id]);
    expect(await search(duc, '%CC%81')).toEqual([]);
    expect(await search(duc, '\u0301')).toEqual([]);
  });

  it('finds Chinese names by one character or two, and characters beyond the first plane', async () => {
    const [li, wang, rare] = [await world.user('李小龙'), await world.user('李白'), await world.user('𠮷野家')];
    expect(sorted(idsOf(await search(li, '李')))).toEqual(sorted([li.id, wang.id]));
    for (const query of ['李小', '小', '龙', '小龙']) expect(idsOf(await search(li, query))).toEqual([li.id]);
    for (const query of ['𠮷', '野', '家', '野家']) expect(idsOf(await search(li, query))).toEqual([rare.id]);
    const ga = await world.user('ながさき');
    expect(idsOf(await search(ga, 'がさ'))).toEqual([ga.id]);
    expect(await search(ga, 'かさ')).toEqual([]);
  });

  it('takes wildcards and quotes for letters', async () => {
    const [ann, odd] = [await world.user('Anybody'), await world.user(`100%_'"\\`)];
    expect(idsOf(await search(ann, '100%'))).toEqual([odd.id]);
    expect(idsOf(await search(ann, `100%_'"\\`))).toEqual([odd.id]);
    for (const query of ['%y', '_nybody', "' OR 1=1 --", '\\n']) expect(await search(ann, query)).toEqual([]);
  });

  it('gives everybody once over pages, many of them with the same name', async () => {
    const same = await Promise.all(Array.from({ length: 12 }, () => world.user('Quentin Same')));
    const others = [await world.user('Quentin A'), await world.user('Quentin Z'), await world.account('quentin.same')];
    const wanted = sorted(idsOf([...same, ...others]));
    for (const limit of [1, 4, 5, 14, 15, 16]) {
      const found = idsOf(await search(same[0], 'quentin', limit));
      expect(found).toHaveLength(wanted.length);
      expect(sorted(found)).toEqual(wanted);
    }
    expect((await search(same[0], 'quentin', 3)).map(({ displayName }) => displayName).slice(0, 2)).toEqual([
      'Quentin A',
      'Quentin Same',
    ]);
  });

  it('does not find suspended or deleted users', async () => {
    const [ann, bob] = [await world.user('Wilma A'), await world.user('Wilma B')];
    expect(await search(ann, 'wilma')).toHaveLength(2);
    await world.app.get(UsersService).suspend(Principal.system('a test'), bob.id, 'spam');
    expect(idsOf(await search(ann, 'wilma'))).toEqual([ann.id]);
    await world.app.rows("UPDATE users SET status = 'deleted' WHERE id = ?", [bob.id]);
    expect(idsOf(await search(ann, 'wilma'))).toEqual([ann.id]);
  });

  it('refuses a cursor of another search, which would widen this one', async () => {
    const [ann] = [await world.user('Bertha A'), await world.user('Bertha B'), await world.user('Berthold')];
    const { body } = await ann.call<Page<UserView>>('GET', '/users?query=bertha&limit=1');
    const path = `/users?query=berthold&cursor=${body.next}`;
    expect(refusalOf(await ann.call('GET', path))).toEqual([422, 'VALIDATION_FAILED']);
  });

  it.each([
    '',
    '?query=',
    '?query=%20',
    `?query=${'a'.repeat(65)}`,
    '?query=a&limit=0',
    '?query=a&limit=101',
    '?query=a&limit=1e1',
    '?query=a&limit=1&limit=2',
    '?query=a&cursor=nonsense',
    '?query=a&cursor=WzEsMl0',
    '?query=a&other=1',
  ])('refuses %j', async (query) => {
    const ann = await world.user();
    expect(refusalOf(await ann.call('GET', `/users${query}`))).toEqual([422, 'VALIDATION_FAILED']);
  });
});

describe('what a search costs', () => {
  /** The statements of a search. */
  async function statementsOf(work: () => Promise<unknown>): Promise<[string, unknown[]][]> {
    const sent = vi.spyOn(DatabaseLogger.prototype, 'logQuery');
    await work();
    const statements = (sent.mock.calls as unknown as [string, unknown[]][]).filter(([sql]) =>
      /user_names|users WHERE (id|usernameKey)/.test(sql),
    );
    sent.mockRestore();
    return statements;
  }

  it('is ranges of an index, in order, without a sort', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, (_, i) => world.user(`Yolanda ${i % 2}`)));
    const statements = await statementsOf(() => search(users[0], 'olanda', 5));
    expect(statements.filter(([sql]) => sql.includes('user_names')).length).toBeGreaterThan(6);
    for (const [sql, parameters] of statements) {
      const explain = engine === 'sqlite' ? 'EXPLAIN QUERY PLAN ' : 'EXPLAIN ';
      const plan = JSON.stringify(await world.app.rows(explain + sql, parameters));
      expect([sql, plan]).not.toEqual([sql, expect.stringMatching(/TEMP B-TREE|filesort|"SCAN |"ALL"/)]);
    }
  });

  it('is bounded: a page that is not full after a thousand names leads on, and nobody is left out', async () => {
    const uow = world.app.get(UnitOfWork);
    // Names without a user behind them, as after a change of the rules: none of them is found, all of them are read.
    const rows = Array.from({ length: 2500 }, () => ({ place: 2, tail: 'qqqstale', userId: newUlid() }));
    await uow.run((tx) => insertRows(tx, 'user_names', rows));
    const last = await world.user('aqqqz');
    let cursor: string | null = null;
    const pages: number[] = [];
    do {
      const place: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await last.call<Page<UserView>>('GET', `/users?query=qqq&limit=100${place}`);
      pages.push(body.items.length);
      cursor = body.next;
    } while (cursor !== null);
    expect(pages).toEqual([0, 0, 1]);
  });
});

describe('PATCH /users/me', () => {
  it('changes what is named, leaves the rest, and null clears', async () => {
    const ann = await world.user();
    const bio = 'Two\nlines';
    const first = await change(ann, { displayName: ' Ann Lee ', bio, email: 'Ann.Lee@Example.org' });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ displayName: 'Ann Lee', bio, email: 'ann.lee@example.org' });
    const second = await change(ann, { bio: null });
    expect(second.body).toMatchObject({ displayName: 'Ann Lee', bio: null, email: 'ann.lee@example.org' });
    expect((await change(ann, { email: null })).body.email).toBeNull();
    expect((await ann.call<MeView>('GET', '/users/me')).body).toMatchObject({ displayName: 'Ann Lee', userRev: 3 });
    expect(idsOf(await search(ann, 'ann lee'))).toEqual([ann.id]);
  });

  it.each([
    { displayName: null },
    { displayName: '' },
    { displayName: '  ' },
    { displayName: 'a'.repeat(65) },
    { displayName: 'two\nlines' },
    { bio: 'a'.repeat(1001) },
    { email: 'nonsense' },
    { email: '' },
    { status: 'Away' },
    { status: { text: 'a'.repeat(141) } },
    { status: { expiresAt: 'tomorrow' } },
    { status: { other: 1 } },
    { role: 'admin' },
    { username: 'another' },
    { id: '01HZZZZZZZZZZZZZZZZZZZZZZZ' },
  ])('refuses %j and changes nothing', async (body) => {
    const ann = await world.user('Steady');
    expect(refusalOf(await change(ann, body))).toEqual([422, 'VALIDATION_FAILED']);
    expect((await ann.call<MeView>('GET', '/users/me')).body).toMatchObject({ displayName: 'Steady', userRev: 0 });
  });

  it('lets an e-mail address belong to one account only, and changes nothing for the other', async () => {
    const [ann, bob] = await world.users(2);
    expect((await change(ann, { email: 'taken@example.org' })).status).toBe(200);
    const refused = await change(bob, { email: 'TAKEN@example.org', displayName: 'Robert' });
    expect(refusalOf(refused)).toEqual([409, 'CONFLICT']);
    expect(JSON.stringify(refused.body)).not.toMatch(/taken@/i);
    expect((await bob.call<MeView>('GET', '/users/me')).body).toMatchObject({ displayName: 'User 2', userRev: 0 });
    expect((await change(ann, { email: 'taken@example.org' })).status).toBe(200);
    const both = await Promise.all([ann, bob].map((actor) => change(actor, { email: 'race@example.org' })));
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
  });

  it('keeps both of two changes of the same moment', async () => {
    const ann = await world.user();
    await Promise.all([change(ann, { displayName: 'Both' }), change(ann, { bio: 'kept' })]);
    const { body } = await ann.call<MeView>('GET', '/users/me');
    expect(body).toMatchObject({ displayName: 'Both', bio: 'kept', userRev: 2 });
  });

  it('shows a status until its end', async () => {
    const [ann, bob] = await world.users(2);
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const status = { text: 'At lunch', emoji: '🍜', expiresAt };
    expect((await change(ann, { status })).body.status).toEqual(status);
    expect((await change(ann, { status: { text: 'In a meeting' } })).body.status).toEqual({
      ...status,
      text: 'In a meeting',
    });
    const seen = () => bob.call<UserView>('GET', `/users/${ann.id}`).then(({ body }) => body.status);
    expect(await seen()).toMatchObject({ text: 'In a meeting' });
    vi.spyOn(world.app.get(Clock), 'now').mockImplementation(() => Date.now() + 61_000);
    expect(await seen()).toBeNull();
  });

  it('clears a status as a whole or in parts', async () => {
    const ann = await world.user();
    await change(ann, { status: { text: 'Away', emoji: '🌴' } });
    const { body } = await change(ann, { status: { emoji: null } });
    expect(body.status).toEqual({ text: 'Away', emoji: null, expiresAt: null });
    expect((await change(ann, { status: null })).body.status).toBeNull();
  });

  it('does not end a new status with the end of one that is over', async () => {
    const ann = await world.user();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await change(ann, { status: { text: 'At lunch', emoji: '🍜', expiresAt } });
    vi.spyOn(world.app.get(Clock), 'now').mockImplementation(() => Date.now() + 61_000);
    const { body } = await change(ann, { status: { text: 'Back' } });
    expect(body.status).toEqual({ text: 'Back', emoji: null, expiresAt: null });
    await change(ann, { status: { text: 'Later', expiresAt: new Date(Date.now() + 120_000).toISOString() } });
    await change(ann, { status: { text: null } });
    expect((await change(ann, { status: { text: 'Here' } })).body.status).toMatchObject({ expiresAt: null });
  });

  it('tells all own connections, with a number that rises by one, and nobody else', async () => {
    const [ann, bob] = await world.users(2);
    await world.room([ann, bob]);
    const own = [await ann.connect(), await ann.connect()];
    const foreign = await bob.connect();
    const { body: before } = await ann.call<MeView>('GET', '/users/me');
    const views = [(await change(ann, { displayName: 'One' })).body, (await change(ann, { bio: 'Two' })).body];
    expect(views.map(({ userRev }) => userRev)).toEqual([before.userRev + 1, before.userRev + 2]);
    for (const socket of own) {
      for (const view of views) {
        expect(await socket.next('profile.updated')).toEqual({
          event: 'profile.updated',
          userRev: view.userRev,
          data: view,
        });
      }
    }
    await foreign.call('ping');
    expect(foreign.of('profile.updated')).toEqual([]);
  });
});

describe('what other folders ask of accounts', () => {
  const suspend = (id: string) => world.app.get(UsersService).suspend(Principal.system('a test'), id, 'spam');
  const unsuspend = (id: string) => world.app.get(UsersService).unsuspend(Principal.system('a test'), id);

  it('suspends and lets in again as often as it is told, but nobody who is not there', async () => {
    const [bob, gone] = await world.users(2);
    await world.app.rows("UPDATE users SET status = 'deleted' WHERE id = ?", [gone.id]);
    for (const id of [newUlid(), gone.id]) {
      await expect(suspend(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(unsuspend(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    for (const tell of [suspend, suspend, unsuspend, unsuspend]) await tell(bob.id);
  });

  it('locks users and tells who of them is active', async () => {
    const [bob, carl] = await world.users(2);
    await suspend(carl.id);
    const active = await world.app
      .get(UnitOfWork)
      .run((tx) => world.app.get(UserRevs).lock(tx, [carl.id, bob.id, newUlid(), bob.id]));
    expect([...active]).toEqual([bob.id]);
  });

  it('takes an address typed composed and decomposed for the same, to own and to sign in', async () => {
    const [ann, bob] = [await world.account('composed.ann'), await world.account('decomposed.bob')];
    expect((await change(ann, { email: 'ren\u00e9@example.org' })).status).toBe(200);
    expect(refusalOf(await change(bob, { email: 'RENE\u0301@Example.org' }))).toEqual([409, 'CONFLICT']);
    const body = { username: 'RENE\u0301@Example.org', password: 'a fine long password' };
    const { status, body: tokens } = await world.call('POST', '/auth/login', { body });
    expect([status, tokens.user?.id]).toEqual([200, ann.id]);
  });

  it('refuses an address that no column holds or nobody can see, as a fault of the request', async () => {
    const ann = await world.user();
    for (const email of [
      `${'İ'.repeat(60)}@${'İ'.repeat(180)}.org`,
      'an\u200bn@example.org',
      '\u202eann@example.org',
    ]) {
      expect(refusalOf(await change(ann, { email }))).toEqual([422, 'VALIDATION_FAILED']);
    }
  });
});
