import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/common/clock.js';
import type { Lease, PresenceStore } from '../../src/presence/presence-store.js';
import { newUlid } from '../support/world.js';

/** The same presence as two nodes see it; one process has the same store twice. */
export interface PresencePair {
  readonly a: PresenceStore;
  readonly b: PresenceStore;
}

const START = 1_800_000_000_000;

/** What every implementation of `PresenceStore` promises; run once for each. */
export function describePresenceStore(name: string, create: (clock: Clock) => Promise<PresencePair>): void {
  describe(`PresenceStore: ${name}`, () => {
    const clock = { at: START, now: () => clock.at };
    let a: PresenceStore;
    let b: PresenceStore;
    let ann: string;
    beforeEach(async () => {
      clock.at = START;
      ({ a, b } = await create(clock));
      ann = newUlid();
      await a.renew('a', START + 3_600_000);
      await b.renew('b', START + 3_600_000);
    });

    const lease = (state: Lease['state'] = null, more: Partial<Lease> = {}): Lease => ({
      userId: ann,
      state,
      endsAt: null,
      ...more,
    });
    const ending = (ms = 15_000): Lease => lease(null, { endsAt: clock.at + ms });
    const seen = async () => (await b.read([ann])).get(ann);
    const state = async () => (await seen())?.state ?? 'offline';

    it('shows who comes as online, to every node, and tells of it once', async () => {
      expect(await state()).toBe('offline');
      expect(await a.put('a', [lease()])).toEqual([ann]);
      expect(await seen()).toEqual({ userId: ann, state: 'online', since: START });
      expect(await a.put('a', [lease('online')])).toEqual([]);
      expect(await a.sweep()).toEqual([]);
    });

    it('keeps who has gone for the grace, and tells once that he is offline', async () => {
      await a.put('a', [lease()]);
      expect(await a.put('a', [ending()])).toEqual([]);
      clock.at += 14_999;
      expect([await a.sweep(), await state()]).toEqual([[], 'online']);
      clock.at += 1;
      expect(await state()).toBe('offline');
      expect(await b.sweep()).toEqual([ann]);
      expect([await a.sweep(), await b.sweep()]).toEqual([[], []]);
    });

    it('shows nothing at all of who comes back within the grace, to whichever node', async () => {
      for (const was of ['online', 'away'] as const) {
        await a.put('a', [lease(was)]);
        clock.at += 1000;
        await a.put('a', [ending()]);
        clock.at += 10_000;
        expect(await b.put('b', [lease()])).toEqual([]);
        clock.at += 60_000;
        expect([await a.sweep(), await b.sweep()]).toEqual([[], []]);
        expect(await seen()).toMatchObject({ state: was, since: START });
        await b.put('b', [ending(0)]);
        await b.sweep();
        clock.at = START;
      }
    });

    it('counts one who comes back a moment too late, before anybody noticed, as never gone', async () => {
      await a.put('a', [lease()]);
      await a.put('a', [ending()]);
      clock.at += 15_001;
      expect(await a.put('a', [lease()])).toEqual([]);
      expect(await a.sweep()).toEqual([]);
    });

    it('shows the highest of several devices, and offline only behind the last of them', async () => {
      await a.put('a', [lease('away')]);
      expect(await state()).toBe('away');
      expect(await b.put('b', [lease()])).toEqual([ann]);
      expect(await state()).toBe('online');
      expect(await b.put('b', [lease('away')])).toEqual([ann]);
      expect(await a.put('a', [ending(0)])).toEqual([]);
      expect(await a.sweep()).toEqual([]);
      expect(await state()).toBe('away');
      expect(await b.put('b', [ending(0)])).toEqual([ann]);
    });

    it('ends all that a silent node said, and keeps a renewed one', async () => {
      const others = Array.from({ length: 20 }, () => newUlid());
      await a.put(
        'a',
        others.map((userId) => lease('online', { userId })),
      );
      await b.put('b', [lease()]);
      await a.renew('a', START + 60_000);
      expect(await b.renew('b', START + 90_000)).toBe(true);
      clock.at += 60_000;
      expect([...(await b.sweep())].sort()).toEqual(others);
      expect([await b.list('', 100), await state()]).toEqual([[await seen()], 'online']);
      expect(await a.renew('a', clock.at + 60_000)).toBe(false);
      expect(await a.put('a', [lease('online', { userId: others[0] })])).toEqual([others[0]]);
    });

    it('shows what somebody has chosen in place of what he is', async () => {
      await a.put('a', [lease('online', { choice: { presence: 'busy', userRev: 1 } })]);
      expect(await state()).toBe('busy');
      expect(await a.put('a', [lease('away')])).toEqual([]);
      expect(await b.choose(ann, { presence: null, userRev: 2 })).toBe(true);
      expect(await state()).toBe('away');
    });

    it('shows him to himself as invisible, and tells nobody of anything that he does meanwhile', async () => {
      await a.put('a', [lease()]);
      expect(await a.choose(ann, { presence: 'invisible', userRev: 2 })).toBe(true);
      expect(await state()).toBe('invisible');
      clock.at += 1000;
      const told = [
        await a.put('a', [lease('away')]),
        await a.put('a', [ending(0)]),
        await a.sweep(),
        await b.put('b', [lease(null, { choice: { presence: 'invisible', userRev: 2 } })]),
        await b.put('b', [lease('away')]),
      ];
      expect(told.flat()).toEqual([]);
      clock.at += 1000;
      expect(await b.choose(ann, { presence: null, userRev: 3 })).toBe(true);
      expect(await seen()).toEqual({ userId: ann, state: 'away', since: clock.at });
    });

    it('holds to the newest choice, in whatever order they come', async () => {
      expect(await a.choose(ann, { presence: 'invisible', userRev: 5 })).toBe(false);
      expect(await a.put('a', [lease(null, { choice: { presence: null, userRev: 4 } })])).toEqual([]);
      expect([await state(), await b.choose(ann, { presence: 'busy', userRev: 3 })]).toEqual(['invisible', false]);
      expect(await state()).toBe('invisible');
    });

    it('remembers a choice for a while, and then nothing of who is not here', async () => {
      await a.choose(ann, { presence: 'invisible', userRev: 5 });
      clock.at += 59_000;
      await a.sweep();
      expect(await a.count()).toBe(1);
      clock.at += 1000;
      await a.sweep();
      expect([await a.count(), await a.list('', 10)]).toEqual([0, []]);
    });

    it('lists thousands who are here in the order of their ids, page by page', async () => {
      const userIds = Array.from({ length: 5000 }, () => newUlid()).sort();
      const told = await a.put(
        'a',
        userIds.map((userId) => lease('online', { userId })),
      );
      expect(told).toHaveLength(5000);
      expect(await a.count()).toBe(5000);
      const found: string[] = [];
      for (let page = await b.list('', 700); page.length > 0; page = await b.list(found.at(-1) ?? '', 700)) {
        found.push(...page.map(({ userId }) => userId));
      }
      expect(found).toEqual(userIds);
      const leaving = userIds.map((userId) => lease(null, { userId, endsAt: clock.at + 15_000 }));
      expect(await a.put('a', leaving)).toEqual([]);
      clock.at += 15_000;
      expect((await b.sweep()).length).toBe(5000);
      expect([await b.read(userIds), await b.count()]).toEqual([new Map(), 0]);
    });
  });
}
