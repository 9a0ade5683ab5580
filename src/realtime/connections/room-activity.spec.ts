import { describe, expect, it } from 'vitest';
import { frameOf, runOf, skipFrame } from './frame.js';
import { RoomActivity } from './room-activity.js';

const message = (roomId: string, rev: number, text: string, mentions: readonly string[] = []) =>
  frameOf(
    JSON.stringify({
      event: 'message.created',
      roomId,
      rev,
      data: { id: `id${rev}`, senderId: 'u', text, seq: 1, mentions },
    }),
    { kind: 'durable', roomId, rev, headSeq: rev - 1 },
  );

const notice = (roomId: string, rev: number) =>
  frameOf(JSON.stringify({ event: 'member.joined', roomId, rev, data: { userId: 'u' } }), {
    kind: 'durable',
    roomId,
    rev,
    headSeq: 4,
  });

const takeAll = (activity: RoomActivity) => activity.rooms().map((roomId) => activity.take(roomId));

describe('RoomActivity', () => {
  it('says nothing where nothing happened', () => {
    expect(takeAll(new RoomActivity())).toEqual([]);
  });

  it('says the latest of each room, once', () => {
    const activity = new RoomActivity();
    activity.note(message('a', 5, 'old'));
    activity.note(message('b', 9, 'you 你好'));
    activity.note(message('a', 6, 'new'));
    const items = takeAll(activity);
    expect(items).toHaveLength(2);
    const preview = { id: 'id6', senderId: 'u', text: 'new' };
    expect(items).toContainEqual({ roomId: 'a', headRev: 6, headSeq: 5, preview });
    expect(items).toContainEqual(expect.objectContaining({ roomId: 'b', headRev: 9, headSeq: 8 }));
    expect(takeAll(activity)).toEqual([]);
    activity.note(message('a', 7, 'again'));
    expect(takeAll(activity)).toMatchObject([{ headRev: 7 }]);
  });

  it('keeps the newest message over what comes behind it, and the newest seq over what has none', () => {
    const activity = new RoomActivity();
    activity.note(message('a', 5, 'said'));
    activity.note(notice('a', 6));
    activity.note(skipFrame('a', { fromRev: 7, rev: 9 }));
    const preview = { id: 'id5', senderId: 'u', text: 'said' };
    expect(takeAll(activity)).toEqual([{ roomId: 'a', headRev: 9, headSeq: 4, preview }]);
    activity.note(notice('a', 10));
    expect(takeAll(activity)).toEqual([{ roomId: 'a', headRev: 10, headSeq: 4, preview: null }]);
  });

  it('shows the beginning of a long text', () => {
    const activity = new RoomActivity();
    activity.note(message('a', 5, 'x'.repeat(16_000)));
    const [item] = takeAll(activity);
    expect(item?.preview?.text?.length).toBeLessThanOrEqual(200);
    expect(item?.preview?.text).toMatch(/^x+…?$/);
  });

  it('expects mentions where a message speaks to somebody, and not where a text only looks like it', () => {
    const activity = new RoomActivity();
    activity.note(message('a', 5, '"mentions":["u"]'));
    expect(activity.expectedMentions('a')).toBe(0);
    const run = [message('a', 6, 'hey', ['u']), message('a', 7, 'again')];
    activity.note(runOf(run));
    const expected = activity.expectedMentions('a');
    expect(expected).toBeGreaterThan(0);
    activity.note(message('a', 8, 'hey', ['u']));
    activity.clearMentions('a', expected);
    expect(activity.expectedMentions('a')).toBeGreaterThan(0);
    activity.clearMentions('a', activity.expectedMentions('a'));
    expect(activity.expectedMentions('a')).toBe(0);
  });
});
