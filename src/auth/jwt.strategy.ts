import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { AppConfig } from '../config/app-config.js';
import { type AccessClaims, TOKEN_RULES, toPrincipal } from './access-tokens.service.js';
import { LiveSessions } from './live-sessions.service.js';

/** The bearer token of a REST request (RFC 6750): checked, and its login looked up. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    config: AppConfig,
    private readonly sessions: LiveSessions,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // A `KeyObject`, although the types only know the encoded forms: a string costs fifty times as much a check.
      secretOrKey: config.auth.secret as unknown as Buffer,
      algorithms: [TOKEN_RULES.algorithm],
      issuer: TOKEN_RULES.issuer,
      audience: TOKEN_RULES.audience,
    });
  }

  async validate(claims: AccessClaims): Promise<Principal> {
    const { userId, sessionId } = toPrincipal(claims);
    const living = await this.sessions.require(sessionId);
    if (living.userId !== userId) throw new ChatError('UNAUTHORIZED');
    return living;
  }
}
