import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { AppConfig } from '../config/app-config.js';
import { USER_ROLES } from '../protocol/views.js';
import type { AccessClaims } from './access-claims.js';
import { CheckedTokens } from './checked-tokens.js';

/** Which pair of a login a token is of: when the pair was made, in epoch milliseconds, and its number. */
export interface PairPlace {
  readonly at: number;
  readonly counter: number;
}

/** How access tokens are signed and checked; a `KeyObject` makes a check fifty times cheaper than a string. */
export const TOKEN_RULES = { algorithm: 'HS256', issuer: 'parley', audience: 'parley' } as const;

const ACCESS = 'access';

/** A token that was good once, so that the socket can say why it is not now. */
export class ExpiredToken extends ChatError {
  constructor(cause: unknown) {
    super('UNAUTHORIZED', { detail: 'The access token has expired.', cause });
  }
}

/** Makes and checks access tokens (JWT, RFC 7519). */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly config: AppConfig,
    private readonly jwt: JwtService,
    private readonly checked: CheckedTokens,
  ) {}

  /** Signs the token of a pair: the same pair gives the same token, another one of the same second another token. */
  sign(principal: Principal, { at, counter }: PairPlace): string {
    const iat = Math.floor(at / 1000);
    const { userId: sub, sessionId: sid, role } = principal;
    const jti = `${sid}.${counter}`;
    return this.jwt.sign({ sub, sid, role, typ: ACCESS, iat, exp: iat + this.config.auth.accessSeconds, jti });
  }

  /**
   * Who the token is for and until when, in epoch milliseconds. Says nothing of whether the login still lives.
   *
   * @throws ChatError `UNAUTHORIZED`; an `ExpiredToken` where that alone is wrong
   */
  verify(token: string): { principal: Principal; expiresAt: number } {
    try {
      const known = this.checked.find(token);
      const claims = known ?? this.jwt.verify<AccessClaims>(token);
      const principal = toPrincipal(claims);
      if (!known) this.checked.keep(token, claims);
      return { principal, expiresAt: claims.exp * 1000 };
    } catch (error) {
      if (error instanceof ChatError) throw error;
      if ((error as Error).name === 'TokenExpiredError') throw new ExpiredToken(error);
      throw new ChatError('UNAUTHORIZED', { cause: error });
    }
  }
}

/** The principal of checked claims. Throws `UNAUTHORIZED` for a token of another kind, or without an end. */
export function toPrincipal({ sub, sid, role, typ, exp }: AccessClaims): Principal {
  const isOurs = typ === ACCESS && typeof sub === 'string' && typeof sid === 'string' && USER_ROLES.includes(role);
  if (!isOurs || typeof exp !== 'number') throw new ChatError('UNAUTHORIZED');
  return Principal.user(sub, sid, role);
}
