import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { AccessClaims } from './access-claims.js';

/** Tokens that are remembered, about 6 MiB. */
const MOST = 10_000;

/**
 * Access tokens whose signature was found good, with what they say: a client shows the same one with every request, and
 * checking it costs a tenth of a page of history (measured). Their end is looked at each time, and whether the login
 * still lives is not theirs to say.
 */
@Injectable()
export class CheckedTokens {
  private readonly claims = new Map<string, AccessClaims>();

  constructor(private readonly clock: Clock) {}

  /** What a token says that was good before and has not ended. */
  find(token: string): AccessClaims | undefined {
    const found = this.claims.get(token);
    if (found && found.exp * 1000 > this.clock.now()) return found;
    this.claims.delete(token);
    return undefined;
  }

  keep(token: string, claims: AccessClaims): void {
    if (this.claims.size >= MOST) this.claims.clear();
    this.claims.set(token, claims);
  }
}
