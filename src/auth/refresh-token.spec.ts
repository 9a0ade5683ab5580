import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../common/id.js';
import { makeRefreshToken, readRefreshToken, secretHash } from './refresh-token.js';

const key = createSecretKey(Buffer.alloc(32, 1));
const login = { sessionId: newId(), counter: 7 };

describe('refresh tokens', () => {
  it('are read as they were made, and made again the same', () => {
    const token = makeRefreshToken(key, login);
    expect(readRefreshToken(key, token)).toEqual(login);
    expect(makeRefreshToken(key, login)).toBe(token);
    expect(token).toMatch(/^[0-9A-Z]{26}\.7\.[\w-]{43}$/);
  });

  it('differ by login, counter and key', () => {
    const tokens = [
      makeRefreshToken(key, login),
      makeRefreshToken(key, { ...login, counter: 8 }),
      makeRefreshToken(key, { ...login, sessionId: newId() }),
      makeRefreshToken(createSecretKey(Buffer.alloc(32, 2)), login),
    ];
    expect(new Set(tokens.map((token) => token.split('.')[2])).size).toBe(4);
    expect(readRefreshToken(key, tokens[3])).toBeNull();
  });

  it('are nothing with a character more, less or other, even where the MAC decodes to the same bytes', () => {
    const token = makeRefreshToken(key, login);
    // The last of 43 characters carries four bits: three others decode to the same bytes.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twins = [...alphabet].map((last) => token.slice(0, -1) + last).filter((twin) => twin !== token);
    const changed = ['=', ' ', '%', '.', 'A'].map((more) => token + more);
    const [id, counter, mac] = token.split('.');
    const built = [
      `${id}.0${counter}.${mac}`,
      `${id}.+7.${mac}`,
      `${id}.7e0.${mac}`,
      ` ${token}`,
      id,
      `${id}.7`,
      '',
      '..',
    ];
    for (const other of [...twins, ...changed, ...built, token.slice(0, -1), token.toLowerCase()]) {
      expect(readRefreshToken(key, other)).toBeNull();
    }
  });
});

describe('secretHash', () => {
  it('is SHA-256 in 43 characters', () => {
    expect(secretHash('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
