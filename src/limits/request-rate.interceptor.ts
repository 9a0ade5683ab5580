import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import type { Principal } from '../access/principal.js';
import { RateLimits } from './rate-limits.js';

/**
 * Counts REST requests by user, and by address before sign-in, and says on every answer what is left
 * (draft-ietf-httpapi-ratelimit-headers). Commands of the socket are counted by their own guard.
 */
@Injectable()
export class RequestRateInterceptor implements NestInterceptor {
  constructor(private readonly limits: RateLimits) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') this.count(context);
    return next.handle();
  }

  private count(context: ExecutionContext): void {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { user?: Principal }>();
    const key = request.user?.userId ?? request.ip;
    const reply = http.getResponse<FastifyReply>();
    const { burst, perSecond } = this.limits.rateOf('requests');
    const windowSeconds = Math.ceil(burst / perSecond);
    void reply.header('RateLimit-Policy', `"default";q=${burst};w=${windowSeconds}`);
    // Told even where the take refuses.
    const left = Math.max(this.limits.left('requests', key) - 1, 0);
    void reply.header('RateLimit', `"default";r=${left};t=${Math.ceil((burst - left) / perSecond)}`);
    this.limits.take('requests', key);
  }
}
