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
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

/**
 * Reads a token that this installation made; null for anything else. Compared as text: base64url decoders overlook stray
 * characters, and such a token would be taken for a used-up one and end the login.
 */
export function readRefreshToken(key: KeyObject, token: string): RefreshToken | null {
  const [sessionId, digits] = token.split('.');
  if (!isUlid(sessionId) || !/^\d{1,15}$/.test(digits ?? '')) return null;
  const read = { sessionId, counter: Number(digits) };
  const [expected, given] = [makeRefreshToken(key, read), token].map((text) => Buffer.from(text));
  return given.length === expected.length && timingSafeEqual(given, expected) ? read : null;
}

/** SHA-256, in base64url: what is kept of a secret that is random enough to need no more. */
export const secretHash = (secret: string): string => hash('sha256', secret, 'base64url');
