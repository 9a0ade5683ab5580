import { type KeyObject, createHmac, hash, timingSafeEqual } from 'node:crypto';
import { isUlid } from '../protocol/ulid.js';

/** What a refresh token says, once its MAC has been checked. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly counter: number;
}

/**
 * A refresh token is derived, not stored: `<session id>.<counter>.<MAC>`. So a client that lost the answer can be given
 * the same new token again, and the database holds hashes alone.
 */
export function makeRefreshToken(key: KeyObject, { sessionId, counter }: RefreshToken): string {
  const body = `${sessionId}.${counter}`;
  return `${body}.${macOf(key, body).toString('base64url')}`;
}

/** Reads a token that this installation made; null for anything else. */
export function readRefreshToken(key: KeyObject, token: string): RefreshToken | null {
  const [sessionId, counter, mac, ...rest] = token.split('.');
  if (rest.length > 0 || !isUlid(sessionId) || !/^\d{1,15}$/.test(counter ?? '') || !mac) return null;
  const expected = macOf(key, `${sessionId}.${counter}`);
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return { sessionId, counter: Number(counter) };
}

/** SHA-256, in base64url: what is kept of a secret that is random enough to need no more. */
export const secretHash = (secret: string): string => hash('sha256', secret, 'base64url');

const macOf = (key: KeyObject, body: string): Buffer => createHmac('sha256', key).update(body).digest();
