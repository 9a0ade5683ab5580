import { describe, expect, it } from 'vitest';
import type { HistoryAsk } from '../../sdk/rest-asks.js';
import type { ChangesView, MessageView } from '../../src/protocol/views.js';
import { HistoryStretch } from './history-stretch.js';

const message = (rev: number, more: Partial<MessageView> = {}) =>
  ({
    id: `m${rev}`,
    rev,
    lastRev: rev,
    seq: rev,
    kind: 'text',
    text: `line ${rev}`,
    reactions: [],
    ...more,
  }) as MessageView;

/** A room with 200 messages; changes are what a test puts there. */
class Room {
  readonly asked: HistoryAsk[] = [];
  changesAfter = new Map<number, ChangesView>();
  private readonly log = Array.from({ length: 200 }, (_, at) => message(at + 1));

  async history(ask: HistoryAsk) {
    this.asked.push(ask);
    const { around, cursor = '', limit = 0 } = ask;
    const [side, from] = cursor.split(':');
    let first = (around ?? 0) - limit / 2;
    if (side === 'after') first = Number(from) + 1;
    if (side === 'before') first = Number(from) - limit;
    const start = Math.max(1, first);
    const end = side === 'before' ? Number(from) : Math.min(201, first + limit);
    const next = end <= 200 ? `after:${end - 1}` : null;
    return { items: this.log.slice(start - 1, end - 1), next, prev: start > 1 ? `before:${start}` : null };
  }

  async changes(since: number): Promise<ChangesView> {
    return this.changesAfter.get(since) ?? { items: [], toRev: since, headRev: since, more: false, reset: false };
  }
}

const revs = (stretch: HistoryStretch) => [stretch.messages[0]?.rev, stretch.lastRev, stretch.messages.length];

describe('HistoryStretch', () => {
  it('grows at both ends without a hole, up to where nothing is left', async () => {
    const stretch = await HistoryStretch.load(new Room(), { around: 100 }, 200);
    expect(revs(stretch)).toEqual([75, 124, 50]);
    await Promise.all([stretch.loadOlder(), stretch.loadOlder(), stretch.loadNewer()]);
    expect(revs(stretch)).toEqual([1, 174, 174]);
    expect(stretch.isComplete).toBe(true);
    await Promise.all([stretch.loadNewer(), stretch.loadNewer(), stretch.loadOlder()]);
    expect(revs(stretch)).toEqual([1, 200, 200]);
  });

  it('takes what has changed, page by page, and only what is newer and within it', async () => {
    const room = new Room();
    const stretch = await HistoryStretch.load(room, { around: 100 }, 200);
    const edited = message(100, { lastRev: 201, text: 'edited' });
    const reactions = [{ emoji: '👍', count: 1, mine: true }];
    const reacted = { id: 'm101', lastRev: 203, userId: 'u', emoji: '👍', added: true, changes: [], reactions };
    room.changesAfter = new Map([
      [
        200,
        {
          items: [{ rev: 201, event: 'message.edited', data: edited }],
          toRev: 202,
          headRev: 204,
          more: true,
          reset: false,
        },
      ],
      [
        202,
        {
          items: [
            { rev: 203, event: 'message.reacted', data: reacted },
            { rev: 204, event: 'message.edited', data: message(3, { lastRev: 204 }) },
            { rev: 204, event: 'message.edited', data: message(102, { lastRev: 50, text: 'stale' }) },
          ],
          toRev: 204,
          headRev: 204,
          more: false,
          reset: false,
        },
      ],
    ]);
    const before = stretch.version.value;
    await stretch.refresh();
    expect(stretch.get('m100')?.text).toBe('edited');
    expect(stretch.get('m101')).toMatchObject({ text: 'line 101', reactions });
    expect(stretch.get('m102')?.text).toBe('line 102');
    expect(stretch.get('m3')).toBeUndefined();
    expect(stretch.version.value).toBeGreaterThan(before);
  });

  it('shows what is answered to as it is now, within it or not', async () => {
    const room = new Room();
    const quoting = (rev: number, of: number) =>
      message(rev, { replyTo: { id: `m${of}`, senderId: 'u', text: 'old' } });
    room.history = () =>
      Promise.resolve({
        items: [message(100), quoting(101, 100), quoting(102, 3), quoting(103, 4)],
        next: null,
        prev: null,
      });
    const stretch = await HistoryStretch.load(room, { around: 100 }, 200);
    const items = [
      { rev: 201, event: 'message.edited', data: message(100, { lastRev: 201, text: 'edited', senderId: 'u' }) },
      { rev: 202, event: 'message.deleted', data: message(3, { lastRev: 202, text: null, senderId: 'u' }) },
    ];
    room.changesAfter = new Map([[200, { items, toRev: 202, headRev: 202, more: false, reset: false }]]);
    await stretch.refresh();
    expect(stretch.messages.map(({ replyTo }) => replyTo?.text)).toEqual([undefined, 'edited', null, 'old']);
  });

  it('goes on after a page that did not come', async () => {
    const room = new Room();
    const stretch = await HistoryStretch.load(room, { around: 100 }, 200);
    const { history } = room;
    room.history = () => Promise.reject(new Error('away'));
    await expect(stretch.loadOlder()).rejects.toThrow('away');
    room.history = history;
    await stretch.loadOlder();
    expect(revs(stretch)).toEqual([25, 124, 100]);
  });
});
