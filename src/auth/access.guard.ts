import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACCESS_KEY, PUBLIC_KEY, type PublicRoute, SIGNED_KEY } from '../access/access.decorators.js';
import { type Permission, hasPermission } from '../access/permissions.js';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { RequestRates } from '../limits/request-rates.service.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LiveSessions } from './live-sessions.service.js';
import { SignedLinks } from './signed-links.service.js';

/** What a signed link says. */
interface LinkRequest {
  readonly params: { readonly id?: string };
  readonly query: { readonly signature?: unknown };
}

/** The door of every REST route: `@Public`, or a living login whose role has the permission of `@Access`. */
@Injectable()
export class AccessGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly rates: RequestRates,
    private readonly strategy: JwtStrategy,
    private readonly links: SignedLinks,
    private readonly sessions: LiveSessions,
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
    const onRefusal = () => this.rates.countAddress(request, reply);
    const link = this.linkOf(request, this.reflector.getAllAndOverride<boolean | undefined>(SIGNED_KEY, targets));
    const user = await (link ? this.follow(link, onRefusal) : this.authenticate(context, onRefusal));
    request.user = user;
    this.rates.countUser(user.userId, reply, link ? 'pictures' : 'requests');
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(ACCESS_KEY, targets);
    if (!permission || user.role === 'system' || !hasPermission(user.role, permission))
      throw new ChatError('FORBIDDEN');
    return true;
  }

  /** The link of a request that brings no token. */
  private linkOf(request: FastifyRequest, takesSignature = false): LinkRequest | null {
    const link = request as unknown as LinkRequest;
    return takesSignature && !request.headers.authorization && link.query.signature !== undefined ? link : null;
  }

  private async follow({ params, query }: LinkRequest, onRefusal: () => void): Promise<Principal> {
    try {
      const sessionId = typeof query.signature === 'string' && this.links.read(query.signature, params.id ?? '');
      if (!sessionId) throw new ChatError('UNAUTHORIZED', { detail: 'This link is not good, or not any more.' });
      return await this.sessions.require(sessionId);
    } catch (error) {
      onRefusal();
      throw error;
    }
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
