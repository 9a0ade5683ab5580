import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import type { Principal } from '../access/principal.js';
import type { RunningCommand } from './command-queue.js';
import type { Connection } from './connection.js';

/** The command that is carried out: the adapter passes it behind the data. */
export const commandOf = (context: { getArgByIndex<T>(index: number): T }): RunningCommand => context.getArgByIndex(2);

/** The command itself, for a handler that answers before it has ended. */
export const CurrentCommand = createParamDecorator((_: unknown, context: ExecutionContext) => commandOf(context));

/** Who the connection belongs to. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.getArgByIndex<Connection>(0);
  if (!principal) throw new ChatError('NOT_STARTED');
  return principal;
});
