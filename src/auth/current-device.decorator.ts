import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressOf } from '../limits/network.js';
import type { Device } from './sessions.service.js';

/** Where a request comes from, for the list of logins. */
export const CurrentDevice = createParamDecorator((_: unknown, context: ExecutionContext): Device => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    address: addressOf(request.ip, request.socket.remoteAddress),
    userAgent: request.headers['user-agent'] ?? null,
    device: null,
  };
});
