import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { IndexAnswer, IndexQuestion } from '../search-index.js';
import { IndexFile, isDamage } from './index-file.js';
import { IndexSearch } from './index-search.js';
import { LogFollower } from './log-follower.js';
import { LogIndexer } from './log-indexer.js';
import type { MessageLog } from './message-log.js';
import { openLog } from './open-log.js';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.js';

/** Milliseconds between two looks at the heads of rooms; at the start one follows the other at once. */
const LOOK_EVERY_MS = 1000;
/** Milliseconds for which a search waits for the index to get up with the log. */
const CATCH_UP_MS = 60;

/**
 * The thread that has the index: reads the log, writes the file, and answers what is asked. Nothing of Nest is loaded
 * here, which would take longer to start and weigh more than all the rest.
 */
class IndexWorker {
  private readonly file: IndexFile;
  private readonly indexer: LogIndexer;
  private readonly follower: LogFollower;
  /** Works on the index one after the other. */
  private queue: Promise<unknown> = Promise.resolve();
  private isStepping = false;
  private stopped = false;

  constructor(
    { path, epoch }: WorkerStart,
    private readonly log: MessageLog,
  ) {
    this.file = new IndexFile(path, epoch);
    this.indexer = new LogIndexer(this.log, this.file);
    this.follower = new LogFollower(this.log, this.file, this.indexer);
  }

  /** Looks at all rooms, and then for ever at the next thousand every second. Ends when the thread is stopped. */
  async run(): Promise<void> {
    while (!this.stopped) {
      await this.inTurn(() => this.follower.look());
      this.work();
      this.tellState();
      const { hasSeenAll, fault } = this.follower;
      if (hasSeenAll || fault !== null) await pause(LOOK_EVERY_MS, undefined, { ref: false });
      else await turn();
    }
  }

  async onMessage(message: ToWorker): Promise<void> {
    if (message.kind === 'stop') return this.stop();
    if (message.kind === 'changed') {
      this.follower.add(message.roomIds);
      return this.work();
    }
    const { no, question } = message;
    try {
      tell({ kind: 'found', no, answer: await this.inTurn(() => this.find(question)) });
    } catch (error) {
      if (isDamage(error)) this.follower.startAnew();
      tell({ kind: 'failed', no, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }

  private async find(question: IndexQuestion): Promise<IndexAnswer> {
    const { rooms } = question;
    const roomIds = rooms.map(({ id }) => id);
    const isBehind = (states: ReturnType<LogIndexer['statesOf']>) =>
      rooms.filter(({ id, headRev }) => (states.get(id)?.rev ?? 0) < headRev).map(({ id }) => id);
    let states = this.indexer.statesOf(roomIds);
    const behind = isBehind(states);
    if (behind.length > 0) {
      await this.follower.catchUp(behind, CATCH_UP_MS);
      states = this.indexer.statesOf(roomIds);
    }
    const searched = rooms.flatMap(({ id, from, headRev }) => {
      const state = states.get(id);
      return state ? [{ state, from, before: headRev + 1 }] : [];
    });
    const { hits, end } = new IndexSearch(this.file, { ...question, rooms: searched }).find();
    const total = rooms.reduce((sum, { headRev }) => sum + headRev, 0);
    const indexed = rooms.reduce((sum, { id, headRev }) => sum + Math.min(states.get(id)?.rev ?? 0, headRev), 0);
    return { hits, end, indexed, total };
  }

  /** Indexes what is behind, a step at a time: in between comes whoever searches. */
  private work(): void {
    if (this.isStepping) return;
    this.isStepping = true;
    void this.steps().finally(() => (this.isStepping = false));
  }

  private async steps(): Promise<void> {
    while (!this.stopped && (await this.inTurn(() => this.follower.step()))) await turn();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private tellState(): void {
    const { roomsBehind, hasSeenAll, fault } = this.follower;
    tell({
      kind: 'state',
      state: {
        roomsBehind,
        hasSeenAll,
        fault,
        indexed: this.indexer.indexed,
        busyMs: performance.eventLoopUtilization().active,
      },
    });
  }

  private async stop(): Promise<void> {
    this.stopped = true;
    await this.queue;
    await this.log.close();
    this.file.close();
    parentPort?.close();
  }
}

function tell(message: FromWorker): void {
  const port = parentPort;
  port?.postMessage(message, []);
}

const start = workerData as WorkerStart;
const worker = new IndexWorker(start, await openLog(start.database));
parentPort?.on('message', (message: ToWorker) => void worker.onMessage(message));
// What fails here ends the thread; it is started again.
void worker.run();
