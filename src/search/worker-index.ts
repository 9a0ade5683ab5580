import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DataSource } from 'typeorm';
import { ChatError } from '../common/chat-error.js';
import { type Stop, after, every } from '../common/timers.js';
import { AppConfig } from '../config/app-config.js';
import { READS, placeOf } from '../database/data-source.js';
import { InstallationService } from '../database/installation.service.js';
import { EventHub } from '../events/event-hub.js';
import { type IndexAnswer, type IndexQuestion, SearchIndex } from './search-index.js';
import { NO_STATE, SearchHealth } from './search-health.js';
import { INDEX_FILE } from './index/index-file.js';
import type { FromWorker, IndexState, ToWorker, WorkerStart } from './index/worker-messages.js';

/** Milliseconds for which rooms with something new are gathered before the thread is told. */
const TELL_EVERY_MS = 200;
const RESTART_MS = 3000;
const STOP_MS = 3000;

interface Waiting {
  readonly resolve: (answer: IndexAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** The index in a file of its own, kept and asked by a worker thread, so that nothing of it runs in the event loop. */
@Injectable()
export class WorkerIndex extends SearchIndex implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Search');
  private readonly waiting = new Map<number, Waiting>();
  private readonly changed = new Set<string>();
  private readonly stops: Stop[] = [];
  private worker: Worker | null = null;
  private asked = 0;
  private fault: string | null = null;
  private stopped = false;

  constructor(
    private readonly config: AppConfig,
    private readonly installation: InstallationService,
    private readonly health: SearchHealth,
    @InjectDataSource(READS) private readonly reads: DataSource,
    hub: EventHub,
  ) {
    super();
    if (config.search) hub.on('RoomChanged', ({ roomId }) => void this.changed.add(roomId));
  }

  onApplicationBootstrap(): void {
    if (!this.config.search) return this.health.tell({ ...NO_STATE, hasSeenAll: true });
    this.start();
    this.stops.push(every(TELL_EVERY_MS, 'search.tell', () => this.tellChanged()));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const stop of this.stops) stop();
    const { worker } = this;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.post({ kind: 'stop' });
    const giveUp = after(STOP_MS, 'search.stop', async () => void (await worker.terminate()));
    await ended;
    giveUp();
  }

  find(question: IndexQuestion): Promise<IndexAnswer> {
    if (!this.config.search) throw new ChatError('FORBIDDEN', { detail: 'Messages are not searched here.' });
    if (!this.worker) throw new ChatError('UNAVAILABLE', { retryAfterMs: RESTART_MS });
    const no = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(no, { resolve, reject });
      this.post({ kind: 'find', no, question });
    });
  }

  private start(): void {
    const path = join(this.config.dataDir, INDEX_FILE);
    const workerData: WorkerStart = { path, epoch: this.installation.epoch, database: placeOf(this.reads) };
    const worker = new Worker(workerFile(), { workerData });
    // The process ends when the server does, whatever is being indexed.
    worker.unref();
    worker.on('message', (message: FromWorker) => this.onMessage(message));
    worker.on('error', (error) => this.logger.error({ event: 'search.workerFailed', error: error.stack }));
    worker.once('exit', () => this.onExit());
    this.worker = worker;
  }

  private onMessage(message: FromWorker): void {
    if (message.kind === 'state') return this.onState(message.state);
    const waiting = this.waiting.get(message.no);
    this.waiting.delete(message.no);
    if (message.kind === 'found') return waiting?.resolve(message.answer);
    this.logger.error({ event: 'search.failed', error: message.fault });
    waiting?.reject(new ChatError('UNAVAILABLE', { retryAfterMs: RESTART_MS }));
  }

  private onState(state: IndexState): void {
    if (state.fault !== null && state.fault !== this.fault) {
      this.logger.warn({ event: 'search.stalled', error: state.fault });
    }
    this.fault = state.fault;
    this.health.tell(state);
  }

  private onExit(): void {
    this.worker = null;
    if (!this.stopped) this.health.tell({ ...NO_STATE, fault: 'the thread has ended' });
    for (const { reject } of this.waiting.values()) reject(new ChatError('UNAVAILABLE', { retryAfterMs: RESTART_MS }));
    this.waiting.clear();
    if (!this.stopped) this.stops.push(after(RESTART_MS, 'search.restart', () => this.start()));
  }

  private tellChanged(): void {
    if (this.changed.size === 0 || !this.worker) return;
    const roomIds = [...this.changed];
    this.changed.clear();
    this.post({ kind: 'changed', roomIds });
  }

  private post(message: ToWorker): void {
    this.worker?.postMessage(message);
  }
}

/** A thread needs a file that Node can run: from the sources, the one that was built from them. */
function workerFile(): URL {
  const own = import.meta.url;
  if (own.endsWith('.js')) return new URL('./index/index-worker.js', own);
  return new URL('../../dist/src/search/index/index-worker.js', own);
}
