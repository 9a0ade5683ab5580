import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS_KEY, PUBLIC_KEY } from '../access/access.decorators.js';
import { type Permission, hasPermission } from '../access/permissions.js';
import { ChatError } from '../common/chat-error.js';
import { RateLimits } from '../limits/rate-limits.js';
import type { Connection } from './connection.js';

/** The door of every command: a started session, a role that may, and a rate. */
@Injectable()
export class CommandGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    if (this.reflector.get<unknown>(PUBLIC_KEY, handler)) return true;
    const { principal } = context.getArgByIndex<Connection>(0);
    if (!principal || principal.role === 'system') throw new ChatError('NOT_STARTED');
    const permission = this.reflector.get<Permission | undefined>(ACCESS_KEY, handler);
    if (!permission || !hasPermission(principal.role, permission)) throw new ChatError('FORBIDDEN');
    this.limits.take('commands', principal.userId);
    return true;
  }
}
