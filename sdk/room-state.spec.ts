import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame } from '../src/protocol/frames.js';
import { RoomState } from './room-state.js';
import { FakeRoom, messageOf } from './testing/fake-room.js';

let truth: FakeRoom;
let frames: ServerFrame[];
let told: string[];
let state: RoomState;

const begin = (lastRev = 0) =>
  new RoomState(
    'r',
    { lastRev, keep: 1000, me: 'me' },
    {
      message: (_room, message) => told.push(message.text ?? 'notice'),
      changed: (_room, message) => told.push(`changed: ${message.text}`),
      member: (_room, event) => told.push(event),
      reset: () => told.push('reset'),
      touched: () => undefined,
    },
  );

beforeEach(() => {
  truth = new FakeRoom('r', { gap: 500, page: 200 });
  told = [];
  frames = ['a', 'b', 'c', 'd', 'e'].map((text) => truth.post(`id-${text}`, 'somebody', text));
  state = begin();
});

describe('RoomState', () => {
  it('applies live frames in order', () => {
    for (const frame of frames) state.receive(frame);
    expect(told).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([state.lastRev, state.headSeq, state.unread, state.isBehind]).toEqual([5, 5, 5, false]);
  });

  it('tells a repeated frame once', () => {
    for (const frame of [...frames, ...frames]) state.receive(frame);
    expect(told).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('waits at a hole and tells in order once it is filled', () => {
    const [a, b, c, d, e] = frames as [ServerFrame, ServerFrame, ServerFrame, ServerFrame, ServerFrame];
    for (const frame of [a, e, c, d]) state.receive(frame);
    expect([told, state.lastRev, state.isBehind]).toEqual([['a'], 1, true]);
    state.receive(b);
    expect([told, state.lastRev, state.isBehind]).toEqual([['a', 'b', 'c', 'd', 'e'], 5, false]);
  });

  it('fills a hole from changes, and goes on with the frames that waited', () => {
    state.receive(frames[0] as ServerFrame);
    const changes = truth.changes(1);
    const f = truth.post('id-f', 'somebody', 'f');
    state.receive(f);
    state.applyChanges(changes);
    expect([told, state.lastRev]).toEqual([['a', 'b', 'c', 'd', 'e', 'f'], 6]);
  });

  it('steps over revs that hold nothing for this reader', () => {
    state.receive(frames[0] as ServerFrame);
    state.receive({ event: 'skip', roomId: 'r', fromRev: 2, rev: 4 });
    state.receive(frames[4] as ServerFrame);
    expect([told, state.lastRev, state.isBehind]).toEqual([['a', 'e'], 5, false]);
  });

  it('does not step over a hole below a skip', () => {
    state.receive({ event: 'skip', roomId: 'r', fromRev: 3, rev: 5 });
    expect([state.lastRev, state.isBehind]).toEqual([0, true]);
  });

  it('takes changes that carry present states, with revs missing in between', () => {
    state.receive(frames[0] as ServerFrame);
    truth.edit('id-b', 'b2');
    truth.edit('id-a', 'a2');
    state.applyChanges(truth.changes(1));
    expect(told).toEqual(['a', 'c', 'd', 'e', 'b2', 'changed: a2']);
    expect(state.messages.map(({ text }) => text)).toEqual(['a2', 'b2', 'c', 'd', 'e']);
    expect(state.lastRev).toBe(7);
  });

  it('advances over events that it does not know', () => {
    state = begin(5);
    state.receive({ event: 'message.sparkled', roomId: 'r', rev: 6, data: { id: 'id-a' } });
    expect([state.lastRev, state.isBehind]).toEqual([6, false]);
  });

  it('drops its window on a reset and fills downwards', async () => {
    state.receive(frames[0] as ServerFrame);
    truth = new FakeRoom('r', { gap: 10, page: 200 });
    for (let i = 1; i <= 80; i++) truth.post(`n${i}`, 'somebody', `n${i}`);
    state.applyChanges(truth.changes(1));
    expect(told).toEqual(['a', 'reset']);
    expect([state.lastRev, state.messages.length, state.fromRev, state.isComplete]).toEqual([80, 50, 31, false]);
    await state.loadBelow((before) => Promise.resolve({ page: truth.page(before, 50).items, isFirst: true }));
    expect(state.messages.map(({ rev }) => rev)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
    expect(state.isComplete).toBe(true);
  });

  it('throws a page away that a reset has overtaken', async () => {
    state = begin(5);
    let arrive: (page: { page: never[]; isFirst: boolean }) => void = () => undefined;
    const loading = state.loadBelow(() => new Promise((resolve) => (arrive = resolve)));
    state.applyChanges({ items: [], toRev: 900, headRev: 900, more: false, reset: true });
    arrive({ page: [], isFirst: true });
    expect(await loading).toBe(false);
    expect([state.fromRev, state.isComplete]).toEqual([901, false]);
  });

  it('tells members and shows their notices, which do not count as unread', () => {
    state.receive(truth.post('id-f', 'somebody', 'f'));
    for (const frame of frames) state.receive(frame);
    state.receive(truth.join('n1', 'ben'));
    expect(told.slice(-2)).toEqual(['notice', 'member.joined']);
    expect([state.unread, state.messages.length]).toEqual([6, 7]);
  });

  it('shows what the user has set for himself', () => {
    const own = { notify: 'none', mutedUntil: null, alias: 'Mine' } as const;
    state.amend(own);
    expect(state.view).toBeNull();
    state.show(truth.view);
    state.amend(own);
    expect(state.view).toMatchObject({ ...own, id: truth.view.id });
  });

  it('knows how many members there are, its own role, and whose the room is', () => {
    state.show(truth.view);
    for (const frame of frames) state.receive(frame);
    state.receive(truth.join('n1', 'ben'));
    expect(state.view).toMatchObject({ memberCount: 2, role: 'member' });
    const data = { userId: 'me', byId: 'ben', role: 'admin', memberCount: 2, notice: null };
    state.receive({ event: 'member.updated', roomId: 'r', rev: truth.headRev + 1, data });
    expect(state.view).toMatchObject({ memberCount: 2, role: 'admin' });
    const owner = { ...data, userId: 'ben', role: 'owner' };
    state.receive({ event: 'member.updated', roomId: 'r', rev: truth.headRev + 2, data: owner });
    expect(state.view).toMatchObject({ ownerId: 'ben', role: 'admin' });
  });

  it('does not believe a view that was read before what it has heard since', () => {
    for (const frame of frames) state.receive(frame);
    const before = truth.view;
    state.receive(truth.join('n1', 'ben'));
    state.show(before);
    expect(state.view).toMatchObject({ memberCount: 2, name: before.name });
    state.show({ ...truth.view, memberCount: 7 });
    expect(state.view).toMatchObject({ memberCount: 7 });
  });

  it('moves its own mark with its own message, and never goes back by an older echo', () => {
    for (const frame of frames) state.receive(frame);
    const data = messageOf({ id: 'own', roomId: 'r', rev: 6, seq: 6, senderId: 'me', text: 'mine' });
    state.receive({ event: 'message.created', roomId: 'r', rev: 6, data });
    expect([state.readSeq, state.unread]).toEqual([6, 0]);
    state.applyRead({ readSeq: 2, readVersion: 0, mentions: 0 });
    expect(state.unread).toBe(0);
    state.applyRead({ readSeq: 2, readVersion: 1, mentions: 0 });
    expect(state.unread).toBe(4);
    state.applyRead({ readSeq: 6, readVersion: 0, mentions: 0 });
    expect(state.unread).toBe(4);
  });
});

describe('reactions of which nobody says whose they are', () => {
  const thumb = { emoji: '👍', count: 1 };
  /** What was missed, as frames tell it to everybody; `b` has got a reaction since. */
  const missed = () => {
    state.expectMissed(6);
    for (const frame of frames) state.receive(frame);
    const b = state.get('id-b')!;
    state.receive({ event: 'message.edited', rev: 6, data: { ...b, lastRev: 6, reactions: [thumb] } });
  };
  const answer = (extra: object) => {
    const data = { ...state.get('id-b'), reactions: [{ ...thumb, mine: true }] };
    return {
      items: [{ rev: 6, event: 'message.edited', data }],
      toRev: 6,
      headRev: 6,
      more: false,
      reset: false,
      ...extra,
    };
  };

  it('are asked for once, and then known', () => {
    missed();
    expect([state.isBehind, state.missingFrom, state.get('id-b')?.reactions]).toEqual([
      false,
      5,
      [{ ...thumb, mine: false }],
    ]);
    state.applyChanges(answer({}), 5);
    expect([state.missingFrom, state.get('id-b')?.reactions, told.at(-1)]).toEqual([
      null,
      [{ ...thumb, mine: true }],
      'changed: b',
    ]);
  });

  it('are taken from an answer that would begin anew, without dropping anything', () => {
    missed();
    state.applyChanges(answer({ reset: true }), 5);
    expect([state.messages.length, state.missingFrom, told.includes('reset')]).toEqual([5, null, false]);
    expect(state.get('id-b')?.reactions).toEqual([{ ...thumb, mine: true }]);
  });

  it('are not asked for again where the answer does not show the message, nor live', () => {
    missed();
    state.applyChanges(answer({ items: [] }), 5);
    expect(state.missingFrom).toBeNull();
    const b = state.get('id-b')!;
    state.receive({ event: 'message.edited', rev: 7, data: { ...b, text: 'B', lastRev: 7, reactions: [thumb] } });
    expect([state.missingFrom, state.get('id-b')?.text]).toEqual([null, 'B']);
  });

  it('are asked for where a hole was healed and they are others than before', () => {
    missed();
    state.applyChanges(answer({}), 5);
    const b = state.get('id-b')!;
    state.receive({ event: 'message.edited', rev: 7, data: { ...b, lastRev: 7, reactions: [{ ...thumb, count: 2 }] } });
    expect(state.missingFrom).toBe(6);
  });
});
