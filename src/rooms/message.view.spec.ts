import { describe, expect, it } from 'vitest';
import type { Message } from './message.entity.js';
import { messageJson, toMessageView } from './message.view.js';

const message = (more: Partial<Message>): Message => ({
  roomId: '01ARZ3NDEKTSV4RRFFQ69G5FA0',
  rev: 7,
  id: '01ARZ3NDEKTSV4RRFFQ69G5FA1',
  lastRev: 7,
  seq: 5,
  kind: 'text',
  senderId: '01ARZ3NDEKTSV4RRFFQ69G5FA2',
  text: 'hello',
  payload: null,
  replyToId: null,
  editedAt: null,
  deletedAt: null,
  bodyHash: 'x',
  createdAt: Date.UTC(2026, 0, 31, 12),
  ...more,
});

describe('messageJson', () => {
  it.each([
    ['a text', {}],
    ['quotes, line breaks and controls', { text: '"\\\n\u0001\u2028 </script>' }],
    ['emoji and right-to-left text', { text: '🌊 שלום' }],
    ['an empty text', { text: '' }],
    ['a notice', { kind: 'notice' as const, seq: null, text: null, senderId: null, payload: { type: 'a "b"', n: 1 } }],
    ['one that was edited and deleted', { editedAt: 1, deletedAt: 2 }],
  ])('is what JSON.stringify makes of %s', (_, more) => {
    const view = toMessageView(message(more));
    expect(messageJson(view)).toBe(JSON.stringify(view));
  });

  it('is what JSON.stringify makes of a view with everything', () => {
    const view = { ...toMessageView(message({})), mentions: ['x"'], pinned: true } as never;
    expect(messageJson(view)).toBe(JSON.stringify(view));
  });
});
