import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NearConnection } from '../../../test/support/wire.js';
import { READ_PAGE, RoomFeed } from './room-feed.js';
import type { RoomLine } from './room-line.js';

Logger.overrideLogger(false);

const HOLE_MS = 50;

const line = (rev: number, more: Partial<RoomLine> = {}): RoomLine => ({
  rev,
  seq: 0,
  text: JSON.stringify({ event: 'message.created', roomId: 'r', rev, at: '', data: { text: 'x' } }),
  ...more,
});
const lines = (from: number, to: number): RoomLine[] => Array.from({ length: to - from + 1 }, (_, i) => line(from + i));

/** A feed over a log that the test writes; it hears of nothing by itself. */
function open() {
  const log: RoomLine[] = [];
  const reads: number[] = [];
  const faults: Error[] = [];
  const unsubscribe = vi.fn<() => void>();
  const onHeal = vi.fn<() => void>();
  const read = async (_: string, after: number) => {
    reads.push(after);
    const fault = faults.shift();
    if (fault) throw fault;
    await Promise.resolve();
    const later = log.filter(({ rev }) => rev > after);
    const some = later.slice(0, READ_PAGE);
    return { lines: some, upTo: some.at(-1)?.rev ?? after, isAll: some.length === later.length };
  };
  const feed = new RoomFeed('r', Promise.resolve(unsubscribe), { read, onHeal });
  const join = (userId: string, asOf = 0) => {
    const near = new NearConnection(userId);
    feed.add(near.connection, asOf);
    return near;
  };
  return { feed, log, reads, faults, unsubscribe, onHeal, join };
}

describe('RoomFeed', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  const afterHole = () => vi.advanceTimersByTimeAsync(HOLE_MS);

  it('delivers the next rev at once, to every connection', async () => {
    const { feed, join, reads } = open();
    const [ann, bob] = [join('ann'), join('bob')];
    feed.start(10, 4);
    feed.receive([line(11)]);
    feed.receive(lines(12, 13));
    expect(await ann.revs()).toEqual([11, 12, 13]);
    expect(await bob.revs()).toEqual([11, 12, 13]);
    expect(feed.headRev).toBe(13);
    await afterHole();
    expect(reads).toEqual([]);
  });

  it('drops what is older and what comes twice', async () => {
    const { feed, join, reads } = open();
    const ann = join('ann');
    feed.start(10, 0);
    feed.receive([line(9), line(10), line(11)]);
    feed.receive([line(11), line(12), line(11)]);
    expect(await ann.revs()).toEqual([11, 12]);
    await afterHole();
    expect(reads).toEqual([]);
  });

  it('puts right what overtook, without reading', async () => {
    const { feed, join, reads } = open();
    const ann = join('ann');
    feed.start(10, 0);
    feed.receive([line(13)]);
    feed.receive([line(12)]);
    expect(await ann.revs()).toEqual([]);
    feed.receive([line(11)]);
    expect(await ann.revs()).toEqual([11, 12, 13]);
    await afterHole();
    expect(reads).toEqual([]);
  });

  it('fills a hole from the database, but not before 50 ms', async () => {
    const { feed, log, join, reads, onHeal } = open();
    const ann = join('ann');
    feed.start(10, 0);
    log.push(...lines(11, 14));
    feed.receive([line(14)]);
    await vi.advanceTimersByTimeAsync(HOLE_MS - 1);
    expect(await ann.revs()).toEqual([]);
    expect(reads).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await ann.revs()).toEqual([11, 12, 13, 14]);
    expect(reads).toEqual([10]);
    expect(onHeal).toHaveBeenCalledTimes(1);
  });

  it('says which revs it skips where the database has no row for them', async () => {
    const { feed, log, join } = open();
    const ann = join('ann');
    feed.start(10, 0);
    log.push(line(13), line(14), line(20));
    feed.receive([line(20)]);
    await afterHole();
    expect(await ann.revs()).toEqual(['11-12', 13, 14, '15-19', 20]);
  });

  it('reads as many pages as are missing', async () => {
    const { feed, log, join, reads } = open();
    const ann = join('ann');
    feed.start(0, 0);
    log.push(...lines(1, 2 * READ_PAGE + 7));
    feed.receive([line(2 * READ_PAGE + 7)]);
    await afterHole();
    expect(await ann.revs()).toEqual(log.map(({ rev }) => rev));
    expect(reads).toEqual([0, READ_PAGE, 2 * READ_PAGE]);
  });

  it('reads once more where the last page was full', async () => {
    const { feed, log, join, reads } = open();
    const ann = join('ann');
    feed.start(0, 0);
    log.push(...lines(1, READ_PAGE));
    await feed.catchUp(READ_PAGE);
    expect(await ann.revs()).toHaveLength(READ_PAGE);
    expect(reads).toEqual([0]);
  });

  it('keeps what comes while it reads, and delivers it behind', async () => {
    const { feed, log, join } = open();
    const ann = join('ann');
    feed.start(10, 0);
    log.push(...lines(11, 13));
    const caughtUp = feed.catchUp(13);
    feed.receive([line(12), line(14), line(15)]);
    await caughtUp;
    expect(await ann.revs()).toEqual([11, 12, 13, 14, 15]);
  });

  it('reads again when the read fails, at the next sign of life', async () => {
    const { feed, log, faults, join, reads } = open();
    const ann = join('ann');
    feed.start(10, 0);
    faults.push(new Error('the database of the test is away'));
    log.push(...lines(11, 13));
    feed.receive([line(12)]);
    await afterHole();
    expect(await ann.revs()).toEqual([]);
    expect(reads).toEqual([10]);
    feed.receive([line(13)]);
    await afterHole();
    expect(await ann.revs()).toEqual([11, 12, 13]);
    expect(reads).toEqual([10, 10]);
  });

  it('goes on behind a page that could be read when the next one could not', async () => {
    const { feed, log, faults, join } = open();
    const ann = join('ann');
    feed.start(0, 0);
    log.push(...lines(1, READ_PAGE + 5));
    const first = feed.catchUp(READ_PAGE + 5);
    faults.push(new Error('the database of the test is away'));
    await expect(first).rejects.toThrow('away');
    expect(feed.headRev).toBe(READ_PAGE);
    await feed.catchUp(READ_PAGE + 5);
    expect(await ann.revs()).toEqual(log.map(({ rev }) => rev));
  });

  it('catches up with a head that nobody rang for, and reads nothing where it is there', async () => {
    const { feed, log, join, reads } = open();
    const ann = join('ann');
    log.push(...lines(11, 12));
    await feed.catchUp(12);
    expect(reads).toEqual([]);
    feed.start(10, 0);
    await feed.catchUp(10);
    expect(reads).toEqual([]);
    await Promise.all([feed.catchUp(12), feed.catchUp(12)]);
    expect(reads).toEqual([10]);
    expect(await ann.revs()).toEqual([11, 12]);
  });

  it('sorts out what came before it knew where the room stands', async () => {
    const { feed, join, reads } = open();
    const ann = join('ann');
    feed.receive([line(12), line(11), line(9), line(10)]);
    expect(await ann.revs()).toEqual([]);
    feed.start(10, 0);
    expect(await ann.revs()).toEqual([11, 12]);
    await afterHole();
    expect(reads).toEqual([]);
  });

  it('is told once where the room stands', async () => {
    const { feed, join } = open();
    const ann = join('ann');
    feed.start(10, 0);
    feed.start(20, 0);
    feed.receive([line(11)]);
    expect(await ann.revs()).toEqual([11]);
  });

  it('knows the newest seq, whatever comes behind it', () => {
    const { feed, join } = open();
    const near = join('ann');
    near.connection.openRooms = new Set();
    feed.start(10, 4);
    const seqOf = () => near.connection.activity.take('r')?.headSeq;
    feed.receive([line(11)]);
    expect(seqOf()).toBe(4);
    feed.receive([line(12, { seq: 5 }), line(13)]);
    expect(seqOf()).toBe(5);
    // A later change of an older message.
    feed.receive([line(14, { seq: 2 })]);
    expect(seqOf()).toBe(5);
  });

  describe('when a member leaves', () => {
    it('gives him nothing from that rev on, and the others everything', async () => {
      const { feed, join } = open();
      const [ann, bob, bobToo] = [join('ann'), join('bob'), join('bob')];
      feed.start(10, 0);
      feed.receive([line(11), line(12, { leaves: 'bob' }), line(13)]);
      feed.receive([line(14)]);
      expect(await ann.revs()).toEqual([11, 12, 13, 14]);
      expect(await bob.revs()).toEqual([11]);
      expect(await bobToo.revs()).toEqual([11]);
      expect(feed.has(bob.connection)).toBe(false);
      expect(feed.has(ann.connection)).toBe(true);
    });

    it('waits for the leaving before it delivers anything above it', async () => {
      const { feed, log, join } = open();
      const bob = join('bob');
      const ann = join('ann');
      feed.start(10, 0);
      log.push(line(11, { leaves: 'bob' }), ...lines(12, 13));
      feed.receive(lines(12, 13));
      expect(await bob.revs()).toEqual([]);
      await afterHole();
      expect(await bob.revs()).toEqual([]);
      expect(await ann.revs()).toEqual([11, 12, 13]);
    });

    it('forgets what was held back for him', async () => {
      const { feed, join } = open();
      const bob = join('bob');
      feed.start(10, 0);
      bob.connection.intake.hold('r');
      feed.receive([line(11), line(12, { leaves: 'bob' })]);
      bob.connection.intake.release('r', 0);
      expect(await bob.revs()).toEqual([]);
    });

    it('keeps a membership that was read at a later rev: he left and came back', async () => {
      const { feed, join } = open();
      const bob = join('bob', 15);
      feed.start(10, 0);
      bob.connection.intake.hold('r');
      bob.connection.intake.release('r', 15);
      feed.receive([line(11), line(12, { leaves: 'bob' }), ...lines(13, 16)]);
      expect(await bob.revs()).toEqual([16]);
      feed.receive([line(17, { leaves: 'bob' }), line(18)]);
      expect(await bob.revs()).toEqual([16]);
      expect(feed.isEmpty).toBe(true);
    });

    it('ends a membership that was read at the very rev before', async () => {
      const { feed, join } = open();
      const bob = join('bob', 11);
      feed.start(10, 0);
      feed.receive([line(11), line(12, { leaves: 'bob' })]);
      expect(await bob.revs()).toEqual([11]);
    });
  });

  describe('when it is closed', () => {
    it('unsubscribes and delivers nothing any more', async () => {
      const { feed, join, unsubscribe } = open();
      const ann = join('ann');
      feed.start(10, 0);
      await feed.listening;
      feed.close();
      expect(unsubscribe).toHaveBeenCalledTimes(1);
      feed.receive([line(11)]);
      expect(await ann.revs()).toEqual([]);
    });

    it('unsubscribes also when it was not subscribed yet', async () => {
      const { feed, unsubscribe } = open();
      feed.close();
      expect(unsubscribe).not.toHaveBeenCalled();
      await feed.listening;
      await Promise.resolve();
      expect(unsubscribe).toHaveBeenCalledTimes(1);
    });

    it('reads nothing any more for a hole that was open', async () => {
      const { feed, reads } = open();
      feed.start(10, 0);
      feed.receive([line(12)]);
      feed.close();
      await vi.advanceTimersByTimeAsync(1000);
      expect(reads).toEqual([]);
    });

    it('reads nothing any more behind a read that was under way', async () => {
      const { feed, log, reads } = open();
      feed.start(10, 0);
      log.push(line(11));
      const caughtUp = feed.catchUp(11);
      feed.receive([line(14)]);
      feed.close();
      await caughtUp;
      await vi.advanceTimersByTimeAsync(1000);
      expect(reads).toEqual([10]);
    });
  });
});
