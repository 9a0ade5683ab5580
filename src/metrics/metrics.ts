import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/**
 * Everything that is measured, by name: `chat_<noun>_<unit>`. A registry of its own, so that two servers in one process
 * (tests) do not share numbers. Event-loop lag, memory and the like are prom-client's own metrics.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly messagesStored = this.counter('chat_messages_stored_total', 'Messages that this node stored.');
  readonly feedHeals = this.counter('chat_feed_heals_total', 'Holes in a room that were read from the database.');
  readonly flushSize = new Histogram({
    name: 'chat_flush_size_count',
    help: 'Sends in one flush.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [this.registry],
  });
  readonly flushSeconds = new Histogram({
    name: 'chat_flush_duration_seconds',
    help: 'Time of one flush, its commit included.',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });
  readonly httpSeconds = new Histogram({
    name: 'chat_http_request_duration_seconds',
    help: 'Time of one REST request.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Adds a gauge that is read when somebody looks. */
  watch(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => gauge.set(read()) });
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }
}
