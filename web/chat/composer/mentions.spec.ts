import { describe, expect, it } from 'vitest';
import type { UserView } from '../../../src/protocol/views.js';
import { matching, mentionAt, mentionedIn } from './mentions.js';

const user = (displayName: string, username = displayName.toLowerCase()): UserView => ({
  id: username,
  username,
  displayName,
  avatarUrl: null,
  bio: null,
  role: 'user',
  status: null,
  createdAt: '2026-01-01T00:00:00.000Z',
});

describe('mentions', () => {
  it.each([
    ['@', 1, { at: 0, query: '' }],
    ['hi @an', 6, { at: 3, query: 'an' }],
    ['你好，@小', 5, { at: 3, query: '小' }],
    ['hi @an there', 6, { at: 3, query: 'an' }],
  ])('begin in %s at %i', (text, cursor, start) => expect(mentionAt(text, cursor)).toEqual(start));

  it.each([
    ['ann@example', 11],
    ['hi @an there', 12],
    ['', 0],
  ])('do not begin in %s at %i', (text, cursor) => expect(mentionAt(text, cursor)).toBeNull());

  it('offer the beginning of a name before a later word and the middle', () => {
    const users = [user('Joanna'), user('Lee Ann'), user('Ann'), user('Bob')];
    expect(matching(users, 'ann', 5).map(({ displayName }) => displayName)).toEqual(['Ann', 'Lee Ann', 'Joanna']);
    expect(matching(users, '', 2)).toHaveLength(2);
  });

  it('count those whose names still stand in the text', () => {
    const chosen = { Ann: '1', 'Lee Ann': '2' };
    expect(mentionedIn('hello @lee ann', chosen)).toEqual(['2']);
    expect(mentionedIn('nobody', chosen)).toEqual([]);
    expect(mentionedIn('@all and @Ann', { ...chosen, all: 'all' })).toEqual(['all']);
  });
});
