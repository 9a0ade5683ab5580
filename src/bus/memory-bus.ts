import { Injectable, Logger } from '@nestjs/common';
import { MessageBus, type Unsubscribe } from './message-bus.js';

type Listener = (message: string) => void;

/** The bus of an installation that is one process. It loses nothing. */
@Injectable()
export class MemoryBus extends MessageBus {
  private readonly logger = new Logger('Bus');
  private readonly channels = new Map<string, Set<Listener>>();
  private waiting: { channel: string; message: string }[] = [];
  private closed = false;

  publish(channel: string, message: string): void {
    if (this.closed) return;
    if (this.waiting.push({ channel, message }) === 1) queueMicrotask(() => this.deliver());
  }

  subscribe(channel: string, listener: Listener): Promise<Unsubscribe> {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const own: Listener = (message) => listener(message);
    const listeners = this.channels.get(channel) ?? new Set();
    this.channels.set(channel, listeners.add(own));
    return Promise.resolve(() => {
      listeners.delete(own);
      if (listeners.size === 0 && this.channels.get(channel) === listeners) this.channels.delete(channel);
    });
  }

  isConnected(): boolean {
    return true;
  }

  close(): Promise<void> {
    this.closed = true;
    this.channels.clear();
    return Promise.resolve();
  }

  private deliver(): void {
    const messages = this.waiting;
    this.waiting = [];
    for (const { channel, message } of messages) {
      for (const listener of this.channels.get(channel) ?? []) this.call(listener, message);
    }
  }

  private call(listener: Listener, message: string): void {
    try {
      listener(message);
    } catch (error) {
      this.logger.error({ event: 'bus.listenerFailed', error: error instanceof Error ? error.stack : String(error) });
    }
  }
}
