import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACCESS_KEY, PUBLIC_KEY, type PublicRoute } from '../access/access.decorators.js';
import { type Permission, hasPermission } from '../access/permissions.js';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { RequestRates } from '../limits/request-rates.service.js';
import { JwtStrategy } from './jwt.strategy.js';

/** The door of every REST route: `@Public`, or a living login whose role has the permission of `@Access`. */
@Injectable()
export class AccessGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly rates: RequestRates,
    private readonly strategy: JwtStrategy,
  ) {
    super({
      // Passport keeps strategies by name for the whole process, where a second server would put its own in the place
      // of this one's. It writes each request into the object, so each gets one of its own.
      get defaultStrategy() {
        return Object.create(strategy) as unknown;
      },
    });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // The gateway has a guard of its own: its sockets say who they are once, in `session.start`.
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { user: Principal }>();
    const reply = http.getResponse<FastifyReply>();
    const open = this.reflector.getAllAndOverride<PublicRoute | undefined>(PUBLIC_KEY, targets);
    if (open?.counted) this.rates.countAddress(request, reply, open.rate);
    if (open) return true;
    const user = await this.authenticate(context, () => this.rates.countAddress(request, reply));
    request.user = user;
    this.rates.countUser(user.userId, reply);
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(ACCESS_KEY, targets);
    if (!permission || user.role === 'system' || !hasPermission(user.role, permission))
      throw new ChatError('FORBIDDEN');
    return true;
  }

  /** A token that is refused costs a check all the same, so its address is counted for it. */
  private async authenticate(context: ExecutionContext, onRefusal: () => void): Promise<Principal> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user: Principal }>();
    try {
      const known = await this.strategy.recall(request);
      if (known) return known;
      await super.canActivate(context);
      return request.user;
    } catch (error) {
      onRefusal();
      throw error;
    }
  }

  /** Passport says `false` for every kind of bad token; an error of our own is more exact. */
  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error) throw error;
    if (!user) throw new ChatError('UNAUTHORIZED');
    return user;
  }
}
