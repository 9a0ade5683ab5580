import { describe, expect, it } from 'vitest';
import type { RoomChange } from '../../events/chat-events.js';
import { toMessageView } from '../../rooms/message.view.js';
import { type RoomLine, decodeLines, encodeLines, roomChannel, toLine } from './room-line.js';

const view = toMessageView({
  roomId: 'r',
  rev: 812,
  id: 'x',
  lastRev: 812,
  seq: 412,
  kind: 'text',
  senderId: 'u',
  text: 'hi',
  payload: null,
  editedAt: null,
  deletedAt: null,
  createdAt: Date.UTC(2026, 0, 31, 12),
});

const change = (more: Partial<RoomChange> = {}): RoomChange => ({
  rev: 812,
  event: 'message.created',
  at: Date.UTC(2026, 0, 31, 12),
  data: view,
  ...more,
});

describe('toLine', () => {
  it('encodes the frame once, with what feeds decide by in front of it', () => {
    const line = toLine('r', change());
    expect(line).toMatchObject({ rev: 812, seq: 412, leaves: undefined });
    expect(JSON.parse(line.text)).toEqual({
      event: 'message.created',
      roomId: 'r',
      rev: 812,
      at: '2026-01-31T12:00:00.000Z',
      data: view,
    });
  });

  it('has seq 0 for a notice and for a change that is no message', () => {
    expect(toLine('r', change({ data: { ...view, seq: null } })).seq).toBe(0);
    expect(toLine('r', change({ event: 'member.joined', data: { userId: 'u' } })).seq).toBe(0);
  });

  it('keeps who leaves out of the frame', () => {
    const line = toLine('r', change({ event: 'member.left', data: { userId: 'u' }, leaves: 'u' }));
    expect(line.leaves).toBe('u');
    expect(JSON.parse(line.text)).not.toHaveProperty('leaves');
  });
});

describe('encodeLines', () => {
  const lines: RoomLine[] = [
    { rev: 1, seq: 0, leaves: '01ARZ3NDEKTSV4RRFFQ69G5FAV', text: '{"event":"member.left"}' },
    { rev: 2, seq: 1, text: JSON.stringify({ text: 'two\nlines and  spaces \u2028 \r 你好 😀 .' }) },
    { rev: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER, text: '{}' },
  ];

  it('comes back as it was, one line and many', () => {
    expect(decodeLines(encodeLines(lines))).toEqual(lines);
    for (const line of lines) expect(decodeLines(encodeLines([line]))).toEqual([line]);
  });

  it('is one line a change, whatever a text holds', () => {
    expect(encodeLines(lines).split('\n')).toHaveLength(lines.length);
  });
});

describe('roomChannel', () => {
  it('differs from room to room', () => {
    expect(roomChannel('a')).not.toBe(roomChannel('b'));
  });
});
