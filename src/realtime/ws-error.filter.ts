import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { toRefusal } from '../database/errors.js';
import { commandOf } from './command.decorators.js';

/** Turns what a command throws into its `error` frame. Bound on the gateway, since global filters do not reach it. */
@Catch()
export class WsErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Gateway');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = toRefusal(thrown);
    const command = commandOf(host);
    const traceId = command.fail(error);
    if (error instanceof ChatError) return;
    const stack = error instanceof Error ? error.stack : String(error);
    this.logger.error({ event: 'gateway.commandFailed', command: command.frame.event, traceId, error: stack });
  }
}
