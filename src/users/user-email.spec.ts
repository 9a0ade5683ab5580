import { describe, expect, it } from 'vitest';
import { emailKey, requireEmail } from './user-email.js';

describe('emailKey', () => {
  it('is the same however an address is typed', () => {
    const typed = ['Ren\u00e9@Example.org', 'RENE\u0301@example.ORG', ' rene\u0301@example.org '];
    expect(new Set(typed.map(emailKey))).toEqual(new Set(['ren\u00e9@example.org']));
  });
});

describe('requireEmail', () => {
  it('gives the form that is kept', () => {
    expect(requireEmail('Ann@Example.org')).toBe('ann@example.org');
    expect(requireEmail(`${'a'.repeat(242)}@example.org`)).toHaveLength(254);
  });

  it.each([
    ['one that grows beyond the column', `${'İ'.repeat(60)}@${'İ'.repeat(180)}.org`],
    ['one with a turn of direction', '\u202eann@example.org'],
    ['one with a zero-width space', 'an\u200bn@example.org'],
    ['one with a control character', 'an\u0007n@example.org'],
  ])('refuses %s', (_, email) => {
    expect(() => requireEmail(email)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
  });
});
