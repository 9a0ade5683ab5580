import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressOf, networkOf } from './network.js';
import { RateLimits } from './rate-limits.js';

const HEADER = 'RateLimit';

/**
 * Counts REST requests by user, and by address before sign-in, and says on every answer what is left
 * (draft-ietf-httpapi-ratelimit-headers). Called by the guard of every route; not an interceptor, because Nest would
 * wrap it around the commands of the socket as well, which are counted by their own guard.
 */
@Injectable()
export class RequestRates {
  constructor(private readonly limits: RateLimits) {}

  /** Counts one request of somebody who is signed in. Throws `RATE_LIMITED` where that is one too many. */
  countUser(userId: string, reply: FastifyReply, rate: 'requests' | 'pictures' = 'requests'): void {
    this.count(userId, reply, rate);
  }

  /** Counts one request of anybody. Throws `RATE_LIMITED` where that is one too many. */
  countAddress(request: FastifyRequest, reply: FastifyReply, rate: 'requests' | 'pictures' = 'requests'): void {
    const { ip, socket } = request;
    this.count(networkOf(addressOf(ip, socket.remoteAddress)), reply, rate);
  }

  /** Whether the request that is being answered has been counted. */
  isCounted(reply: FastifyReply): boolean {
    return reply.hasHeader(HEADER);
  }

  private count(key: string, reply: FastifyReply, rate: 'requests' | 'pictures' = 'requests'): void {
    const { burst, perSecond } = this.limits.rateOf(rate);
    void reply.header('RateLimit-Policy', `"default";q=${burst};w=${Math.ceil(burst / perSecond)}`);
    // Told even where the take refuses.
    const left = Math.max(this.limits.left(rate, key) - 1, 0);
    void reply.header(HEADER, `"default";r=${left};t=${Math.ceil((burst - left) / perSecond)}`);
    this.limits.take(rate, key);
  }
}
