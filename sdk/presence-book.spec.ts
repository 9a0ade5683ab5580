import { beforeEach, describe, expect, it } from 'vitest';
import type { PresenceView } from '../src/protocol/views.js';
import { ParleyError } from './errors.js';
import type { Link } from './link.js';
import { PresenceBook } from './presence-book.js';

const item = (userId: string, state: PresenceView['state']): PresenceView => ({
  userId,
  state,
  text: null,
  emoji: null,
  lastSeenAt: null,
});

describe('PresenceBook', () => {
  let asked: string[];
  let outcome: object;
  let told: string[];
  let book: PresenceBook;
  beforeEach(() => {
    asked = [];
    told = [];
    outcome = { ack: { items: [item('a', 'online')] } };
    const request = (event: string, data: { userIds: string[] }, settle: (given: object) => void) => {
      asked.push(`${event} ${data.userIds.join()}`);
      settle(outcome);
    };
    const link = { request } as unknown as Link;
    book = new PresenceBook(link, (items) => told.push(items.map(({ userId, state }) => userId + state).join()));
  });

  it('knows the snapshot, and what changes behind it', async () => {
    await book.watch(['a', 'b']);
    expect([book.of('a')?.state, book.of('b')]).toEqual(['online', undefined]);
    book.receive({ items: [item('b', 'away'), item('a', 'offline')] });
    expect([book.of('a')?.state, book.of('b')?.state]).toEqual(['offline', 'away']);
    expect(told).toEqual(['aonline', 'baway,aoffline']);
  });

  it('watches again with the next session, also what could not be sent, and nothing that was given up', async () => {
    expect(book.position()).toEqual({});
    await book.watch(['a', 'b']);
    outcome = { error: ParleyError.offline('no connection') };
    await book.watch(['c']);
    book.unwatch(['a']);
    expect([book.position(), book.of('a')]).toEqual([{ watch: ['b', 'c'] }, undefined]);
    expect(asked).toEqual(['presence.watch a,b', 'presence.watch c', 'presence.unwatch a']);
    book.ready();
    expect(book.of('b')).toBeUndefined();
  });

  it('gives up what the server refuses', async () => {
    outcome = { error: new ParleyError('QUOTA_EXCEEDED', 'too many') };
    await expect(book.watch(['a'])).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(book.position()).toEqual({});
  });

  it('forgets everything with its user', async () => {
    await book.watch(['a']);
    book.clear();
    expect([book.position(), book.of('a')]).toEqual([{}, undefined]);
  });
});
