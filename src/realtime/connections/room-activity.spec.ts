import { describe, expect, it } from 'vitest';
import { frameOf } from './frame.js';
import { RoomActivity } from './room-activity.js';

const message = (roomId: string, rev: number, text: string) =>
  frameOf(
    JSON.stringify({ event: 'message.created', roomId, rev, data: { id: `id${rev}`, senderId: 'u', text, seq: 1 } }),
    { kind: 'durable', roomId, rev, headSeq: rev - 1 },
  );

const notice = (roomId: string, rev: number) =>
  frameOf(JSON.stringify({ event: 'member.joined', roomId, rev, data: { userId: 'u' } }), {
    kind: 'durable',
    roomId,
    rev,
    headSeq: 4,
  });

describe('RoomActivity', () => {
  it('says nothing where nothing happened', () => {
    expect(new RoomActivity().take()).toEqual([]);
  });

  it('says the latest of each room, once', () => {
    const activity = new RoomActivity();
    activity.note(message('a', 5, 'old'));
    activity.note(message('b', 9, 'you 你好'));
    activity.note(message('a', 6, 'new'));
    const items = activity.take();
    expect(items).toHaveLength(2);
    const preview = { id: 'id6', senderId: 'u', text: 'new' };
    expect(items).toContainEqual({ roomId: 'a', headRev: 6, headSeq: 5, mentions: 0, preview });
    expect(items).toContainEqual(expect.objectContaining({ roomId: 'b', headRev: 9, headSeq: 8 }));
    expect(activity.take()).toEqual([]);
    activity.note(message('a', 7, 'again'));
    expect(activity.take()).toMatchObject([{ headRev: 7 }]);
  });

  it('counts a notice without showing it as a message', () => {
    const activity = new RoomActivity();
    activity.note(message('a', 5, 'said'));
    activity.note(notice('a', 6));
    expect(activity.take()).toEqual([{ roomId: 'a', headRev: 6, headSeq: 4, mentions: 0, preview: null }]);
  });
});
