import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { AppConfig } from '../config/app-config.js';
import type { AccessClaims } from './access-claims.js';
import { TOKEN_RULES, toPrincipal } from './access-tokens.service.js';
import { CheckedTokens } from './checked-tokens.js';
import { LiveSessions } from './live-sessions.service.js';

/** The bearer token of a REST request (RFC 6750): checked, and its login looked up. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    config: AppConfig,
    private readonly sessions: LiveSessions,
    private readonly checked: CheckedTokens,
  ) {
    super({
      jwtFromRequest: tokenOf,
      passReqToCallback: true,
      // A `KeyObject`, although the types only know the encoded forms: a string costs fifty times as much a check.
      secretOrKey: config.auth.secret as unknown as Buffer,
      algorithms: [TOKEN_RULES.algorithm],
      issuer: TOKEN_RULES.issuer,
      audience: TOKEN_RULES.audience,
    });
  }

  /** Called by Passport with what a good token says. */
  validate(request: FastifyRequest, claims: AccessClaims): Promise<Principal> {
    const token = tokenOf(request);
    if (token && typeof claims.exp === 'number') this.checked.keep(token, claims);
    return this.requireLiving(claims);
  }

  /** The user of a token that was checked before; null for any other one. */
  async recall(request: FastifyRequest): Promise<Principal | null> {
    const token = tokenOf(request);
    const claims = token ? this.checked.find(token) : undefined;
    return claims ? this.requireLiving(claims) : null;
  }

  private async requireLiving(claims: AccessClaims): Promise<Principal> {
    const { userId, sessionId } = toPrincipal(claims);
    const living = await this.sessions.require(sessionId);
    if (living.userId !== userId) throw new ChatError('UNAUTHORIZED');
    return living;
  }
}

const bearer = ExtractJwt.fromAuthHeaderAsBearerToken();
/** Passport looks at the headers alone, which are the same in every framework. */
const tokenOf = (request: FastifyRequest): string | null => bearer(request as unknown as Parameters<typeof bearer>[0]);
