import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import { Clock } from '../common/clock.js';
import type { AccessClaims } from './access-claims.js';

/** Tokens that are remembered, about 3 MiB. */
const MOST = 10_000;

/**
 * Access tokens that were found good, with what they say: a client shows the same one with every request, and again when
 * its socket comes back; checking it costs a tenth of a page of history or of a sign-in (measured). Their end is looked
 * at each time, and whether the login still lives is not theirs to say. They are known by their SHA-256, which is
 * several times shorter.
 */
@Injectable()
export class CheckedTokens {
  private readonly claims = new Map<string, AccessClaims>();

  constructor(private readonly clock: Clock) {}

  /** What a token says that was good before and has not ended. */
  find(token: string): AccessClaims | undefined {
    const key = keyOf(token);
    const found = this.claims.get(key);
    if (found && found.exp * 1000 > this.clock.now()) return found;
    this.claims.delete(key);
    return undefined;
  }

  keep(token: string, { sub, sid, role, typ, iat, exp }: AccessClaims): void {
    if (this.claims.size >= MOST) this.claims.clear();
    this.claims.set(keyOf(token), { sub, sid, role, typ, iat, exp });
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64url');
