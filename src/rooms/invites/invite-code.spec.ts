import { describe, expect, it } from 'vitest';
import { isUlid } from '../../protocol/ulid.js';
import { newInviteCode } from './invite-code.js';

describe('newInviteCode', () => {
  const codes = Array.from({ length: 2000 }, newInviteCode);

  it('has the form of an id', () => {
    expect(codes.filter((code) => !isUlid(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('is random at every place', () => {
    const kinds = Array.from({ length: 26 }, (_, at) => new Set(codes.map((code) => code[at])).size);
    expect(kinds).toEqual([8, ...Array<number>(25).fill(32)]);
  });
});
