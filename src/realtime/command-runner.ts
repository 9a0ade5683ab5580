import { Injectable, Logger } from '@nestjs/common';
import { hasPermission } from '../access/permissions.js';
import { ChatError } from '../common/chat-error.js';
import { checkDto } from '../common/dto-check.js';
import { AppConfig } from '../config/app-config.js';
import { toRefusal } from '../database/errors.js';
import { RateLimits } from '../limits/rate-limits.js';
import type { ReadRoom } from '../protocol/commands.js';
import { ChatGateway } from './chat.gateway.js';
import type { RunningCommand } from './connections/command-queue.js';
import type { Connection } from './connections/connection.js';
import { type DeclaredCommand, declaredCommands } from './declared-commands.js';
import { EditingGateway } from './editing.gateway.js';
import { allCommands } from './gateways.js';
import { PresenceGateway } from './presence/presence.gateway.js';

type Handler = (connection: Connection, data: object, command: RunningCommand) => unknown;

/** What a client sends whether or not somebody is at it. */
const BY_ITSELF = new Set([
  'session.start',
  'session.refresh',
  'ping',
  'room.changes',
  'presence.set',
  'presence.watch',
  'presence.unwatch',
]);

/** A mark of what was received comes with messages; what somebody has read, he reads. */
function isByItself(event: string, data: unknown): boolean {
  const { deliveredSeq = 0, readSeq = 0 } = (event === 'room.read' ? data : {}) as Partial<ReadRoom>;
  return BY_ITSELF.has(event) || Number(deliveredSeq) > Number(readSeq);
}

/**
 * Carries a command out: the door, the check of its data, the gateway's method, the answer. What the gateway declares
 * with Nest's decorators is read once; Nest's own pipeline would ask for it again with every frame, which took a
 * seventh of the message path (ADR 0013).
 */
@Injectable()
export class CommandRunner {
  private readonly logger = new Logger('Gateway');
  private readonly declared = allCommands();
  private readonly handlers: ReadonlyMap<string, Handler>;

  constructor(
    gateway: ChatGateway,
    editing: EditingGateway,
    presence: PresenceGateway,
    private readonly config: AppConfig,
    private readonly limits: RateLimits,
  ) {
    this.handlers = new Map([gateway, editing, presence].flatMap(handlersOf));
  }

  has(command: string): boolean {
    return this.handlers.has(command);
  }

  /**
   * Answers the command with what its method returns, or with its refusal; a method may also answer before it ends.
   * `ended` is called when it has ended, at once or later.
   */
  run(connection: Connection, command: RunningCommand, ended: () => void): void {
    const succeed = (ack: unknown) => {
      command.reply('ack', ack ?? {});
      ended();
    };
    const refuse = (error: unknown) => {
      this.fail(command, error);
      ended();
    };
    try {
      const result = this.call(connection, command);
      if (result instanceof Promise) result.then(succeed, refuse);
      else succeed(result);
    } catch (error) {
      refuse(error);
    }
  }

  private call(connection: Connection, command: RunningCommand): unknown {
    const { event, data } = command.frame;
    const declared = this.declared.get(event);
    const handler = this.handlers.get(event);
    if (!declared || !handler) throw new ChatError('UNSUPPORTED_EVENT');
    if (!declared.isPublic) this.admit(connection, declared);
    if (!isByItself(event, data)) connection.activeAt = connection.lastInboundAt;
    return handler(connection, checkDto(declared.model, data, this.config.limits), command);
  }

  /** A started session, a role that may, and a rate. */
  admit({ principal }: Pick<Connection, 'principal'>, { permission }: Pick<DeclaredCommand, 'permission'>): void {
    if (!principal || principal.role === 'system') throw new ChatError('NOT_STARTED');
    if (!permission || !hasPermission(principal.role, permission)) throw new ChatError('FORBIDDEN');
    this.limits.take('commands', principal.userId);
  }

  private fail(command: RunningCommand, thrown: unknown): void {
    const error = toRefusal(thrown);
    const traceId = command.fail(error);
    if (error instanceof ChatError) return;
    const stack = error instanceof Error ? error.stack : String(error);
    this.logger.error({ event: 'gateway.commandFailed', command: command.frame.event, traceId, error: stack });
  }
}

function handlersOf(gateway: object): [string, Handler][] {
  const declared = [...declaredCommands(gateway.constructor as { readonly prototype: object })];
  return declared.map(([name, { method }]) => [name, (Reflect.get(gateway, method) as Handler).bind(gateway)]);
}
