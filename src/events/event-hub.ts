import { Injectable, Logger } from '@nestjs/common';
import { callAll } from '../common/listeners.js';
import type { Tx } from '../database/tx.js';
import type { ChatEventName, ChatEvents } from './chat-events.js';

type Listener<N extends ChatEventName> = (payload: ChatEvents[N]) => unknown;
type InnerListener<N extends ChatEventName> = (tx: Tx, payload: ChatEvents[N]) => Promise<void>;

/** Tells facts to whoever listens in this process. Down one calls a service; up or sideways one emits an event. */
@Injectable()
export class EventHub {
  private readonly logger = new Logger('Events');
  private readonly listeners = new Map<ChatEventName, Listener<ChatEventName>[]>();
  private readonly inner = new Map<ChatEventName, InnerListener<ChatEventName>[]>();

  /** Hears the event after the commit. A listener that fails is logged; the commit stands. */
  on<N extends ChatEventName>(name: N, listener: Listener<N>): void {
    append(this.listeners, name, listener as Listener<ChatEventName>);
  }

  /**
   * Hears the event inside the transaction, for what must hold at the answer. A listener that fails undoes the
   * transaction; it runs again when the unit of work is repeated.
   */
  onInTransaction<N extends ChatEventName>(name: N, listener: InnerListener<N>): void {
    append(this.inner, name, listener as InnerListener<ChatEventName>);
  }

  /**
   * Tells a fact that `tx` makes true. Listeners inside the transaction have ended when this returns; the others are
   * called after the commit, in the order of `emit`, and have ended before `UnitOfWork.run` returns. After a rollback
   * nobody is called.
   */
  emit<N extends ChatEventName>(tx: Tx, name: N, payload: ChatEvents[N]): Promise<void> | undefined {
    if (this.listeners.has(name)) tx.onCommit(() => this.publish(name, payload));
    const inner = this.inner.get(name);
    return inner && callEach(inner, tx, payload);
  }

  /** Tells a fact that is not stored, at once. Never throws. */
  publish<N extends ChatEventName>(name: N, payload: ChatEvents[N]): Promise<unknown> | undefined {
    const failed = (error: unknown) => {
      const stack = error instanceof Error ? error.stack : String(error);
      this.logger.error({ event: 'events.listenerFailed', name, error: stack });
    };
    return callAll(this.listeners.get(name) ?? [], failed, payload);
  }
}

async function callEach<N extends ChatEventName>(
  listeners: readonly InnerListener<N>[],
  tx: Tx,
  payload: ChatEvents[N],
): Promise<void> {
  for (const listener of listeners) await listener(tx, payload);
}

function append<T>(map: Map<ChatEventName, T[]>, name: ChatEventName, value: T): void {
  map.set(name, [...(map.get(name) ?? []), value]);
}
