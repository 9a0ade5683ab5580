import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, afterClose } from './close-codes.js';

describe('close codes', () => {
  it('tell by their range what a client does', () => {
    for (const code of Object.values(CLOSE_CODES)) {
      const range = { 40: 'reconnect', 41: 'authenticate', 42: 'stop' }[Math.floor(code / 100)];
      expect(afterClose(code)).toBe(range);
    }
  });

  it('are used once each, and stay within the range that applications have', () => {
    const codes = Object.values(CLOSE_CODES);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => code >= 4000 && code < 4300)).toBe(true);
  });

  it.each([1000, 1001, 1006, 1009, 1011, 4300, 4999])('brings a client back after %i', (code) => {
    expect(afterClose(code)).toBe('reconnect');
  });
});
