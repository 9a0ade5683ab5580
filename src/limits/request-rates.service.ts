import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RateLimits } from './rate-limits.js';

/**
 * Counts REST requests by user, and by address before sign-in, and says on every answer what is left
 * (draft-ietf-httpapi-ratelimit-headers). Called by the guard of every route; not an interceptor, because Nest would
 * wrap it around the commands of the socket as well, which are counted by their own guard.
 */
@Injectable()
export class RequestRates {
  constructor(private readonly limits: RateLimits) {}

  /** Counts one request of the key. Throws `RATE_LIMITED` where that is one too many. */
  count(key: string, reply: FastifyReply): void {
    const { burst, perSecond } = this.limits.rateOf('requests');
    void reply.header('RateLimit-Policy', `"default";q=${burst};w=${Math.ceil(burst / perSecond)}`);
    // Told even where the take refuses.
    const left = Math.max(this.limits.left('requests', key) - 1, 0);
    void reply.header('RateLimit', `"default";r=${left};t=${Math.ceil((burst - left) / perSecond)}`);
    this.limits.take('requests', key);
  }
}
