import { setTimeout as pause } from 'node:timers/promises';
import { type AdapterSource, AdapterTalk } from './adapter.js';
import { Names } from './names.js';
import { type Asked, ScriptedServer, type Talk } from './scripted-server.js';
import { type JsonObject, type StartStep, type Step, type Vector, merge } from './vector.js';
import { frameOf, problemOf, readyOf } from './wire.js';

/** What became of one vector. `fault` says at which step, what was expected and what came; null where it passed. */
export interface Result {
  readonly vector: Vector;
  readonly fault: string | null;
  readonly ms: number;
}

/** How long a client has for each step, in milliseconds. */
export interface Patience {
  readonly stepMs: number;
  /** For what must not happen and cannot be asked for: that a stopped client comes back. */
  readonly quietMs: number;
}

/** What clients are asked to use in place of their waiting times, so that a run is short. */
const SHORT_TIMES: JsonObject = { firstRetryMs: 10, maxRetryMs: 40, graceMs: 10_000 };
const LOOK_MS = 5;

class Fault extends Error {}

/** Plays one vector with a client of its own. */
export async function runVector(vector: Vector, source: AdapterSource, patience: Patience): Promise<Result> {
  const begun = performance.now();
  const play = new Play(vector, source, patience);
  let fault: string | null = null;
  try {
    await play.begin();
    for (const [at, step] of vector.steps.entries()) {
      await play.take(step).catch((error: unknown) => {
        throw new Fault(`step ${at + 1} (${Object.keys(step)[0]}): ${(error as Error).message}`);
      });
    }
    play.finish();
  } catch (error) {
    fault = [(error as Error).message, play.obituary].filter((text) => text !== null).join('; ');
  } finally {
    await play.end();
  }
  return { vector, fault, ms: Math.round(performance.now() - begun) };
}

/** One vector under way. */
class Play {
  readonly #names = new Names();
  readonly #server: ScriptedServer;
  readonly #client: AdapterTalk;
  #url = '';

  constructor(
    private readonly vector: Vector,
    source: AdapterSource,
    private readonly patience: Patience,
  ) {
    this.#names.resolve(vector as unknown as JsonObject);
    this.#server = new ScriptedServer(this.#names, vector.truth ?? {});
    this.#client = new AdapterTalk(source());
  }

  /** Why nothing came, where the client has died. */
  get obituary(): string | null {
    return this.#client.obituary;
  }

  async begin(): Promise<void> {
    this.#url = await this.#server.listen();
  }

  /** A message that was sent once more than the vector tells of would be there twice on a worse server. */
  finish(): void {
    const [again] = this.#server.asked.filter(({ event }) => event === 'message.send');
    if (again) throw new Fault(`at the end: message.send came once more: ${JSON.stringify(again.data)}`);
  }

  async end(): Promise<void> {
    this.#client.end();
    await this.#server.stop();
  }

  async take(step: Step): Promise<void> {
    const server = this.#server;
    if ('do' in step) return this.#do(step as JsonObject);
    if ('start' in step) return this.#start(step.start);
    if ('frames' in step) return server.send(step.frames);
    if ('batch' in step) return server.send(step.batch, true);
    if ('lost' in step) return step.lost.forEach((frame) => server.learn(frame));
    if ('expect' in step) return this.#expect(step);
    if ('standing' in step) return server.stand(step.standing, this.#answerTo(step.standing, step.answer));
    if ('requested' in step) return this.#requested(step.requested);
    if ('server' in step) return void (server.truth = merge(server.truth as never, step.server) as never);
    if ('close' in step) return this.#close(step.close, step.goodbye);
    if ('cut' in step) return this.#talk().socket.terminate();
    if ('hush' in step) return this.#hush();
    if ('never' in step) return this.#never(step.never);
    if ('backoff' in step) return this.#backoff(step.backoff.attempts);
    return this.#state(step.state);
  }

  #do(step: JsonObject): void {
    const { accessToken, refreshToken } = this.#server.rest.first;
    const timing = { ...SHORT_TIMES, ...this.vector.timing };
    const given = { url: this.#url, accessToken, refreshToken, timing };
    this.#client.say(this.#names.resolve(step['do'] === 'connect' ? { ...step, ...given } : step));
  }

  async #start({ with: wanted = {}, ready = {}, missed = [], refuse }: StartStep): Promise<void> {
    const talk = await this.#until(() => this.#server.talks.find(({ isTaken }) => !isTaken), 'no connection came');
    talk.isTaken = true;
    const asked = await this.#asked('session.start', wanted);
    if (!this.#server.rest.isValid(asked.data['token'])) throw new Fault('the token was not a valid one');
    if (refuse) return asked.refuse(problemOf(refuse));
    asked.answer(merge(readyOf(this.#server.truth), ready));
    this.#server.send(missed);
    this.#server.say({ event: 'session.caughtUp', data: {} });
    talk.isUp = true;
    if (this.#server.talks.length === 1) await this.#known();
  }

  /** A new client reads `GET /sync`: what a vector tells then must not come out of it. */
  async #known(): Promise<void> {
    const names = Object.entries(this.#server.truth.rooms).map(([id, { name = 'Garden' }]) => [id, { name }] as const);
    await this.#requested('GET /sync');
    await this.#state({ rooms: Object.fromEntries(names) });
  }

  async #expect(step: Extract<Step, { readonly expect: string }>): Promise<void> {
    const asked = await this.#asked(step.expect, step.with ?? {});
    if (step.expect === 'session.refresh' && !this.#server.rest.isNewer(asked.data['token'])) {
      throw new Fault('the token was not a newer one');
    }
    if (step.refuse) asked.refuse(problemOf(step.refuse));
    if (step.answer) asked.answer(this.#answerTo(step.expect, step.answer));
  }

  /** Items of `room.changes` in full. */
  #answerTo(event: string, short: JsonObject): JsonObject {
    if (event !== 'room.changes') return short;
    const items = (short['items'] ?? []) as readonly JsonObject[];
    const roomId = short['roomId'] ?? '#garden';
    const { roomId: _, ...answer } = short;
    return { more: false, reset: false, ...answer, items: items.map((item) => frameOf(item, roomId)) };
  }

  async #asked(event: string, wanted: JsonObject): Promise<Asked> {
    const server = this.#server;
    let nearest = 'none came';
    const isIt = (asked: Asked): boolean => {
      if (asked.event !== event) return false;
      const difference = this.#names.difference(wanted, this.#names.humanize(asked.data));
      nearest = difference ?? nearest;
      return difference === null;
    };
    const found = await this.#until(
      () => server.asked.find(isIt),
      () => `no ${event} as expected; ${nearest}`,
    );
    server.asked = server.asked.filter((asked) => asked !== found);
    return found;
  }

  async #requested(wanted: string): Promise<void> {
    const { requests } = this.#server.rest;
    await this.#until(() => requests.includes(wanted), `${wanted} was not asked for`);
    requests.splice(0, requests.indexOf(wanted) + 1);
  }

  async #close(code: number, goodbye?: JsonObject | null): Promise<void> {
    const talk = this.#talk();
    if (code >= 4100 && code < 4200) this.#server.rest.endTokens();
    const reconnect = code < 4200;
    if (goodbye !== null && code >= 4000) {
      this.#server.say({ event: 'goodbye', data: { code, reason: `code ${code}`, reconnect, ...goodbye } });
    }
    talk.isUp = false;
    talk.socket.close(code, `code ${code}`);
  }

  #hush(): void {
    const talk = this.#talk();
    talk.isUp = false;
    talk.isTaken = true;
    talk.socket.pause();
  }

  async #never(what: string): Promise<void> {
    if (what === 'connection') {
      await pause(this.patience.quietMs);
      if (this.#server.talks.some(({ isTaken }) => !isTaken)) throw new Fault('the client connected again');
      return;
    }
    await this.#settle();
    const came = this.#server.asked.find(({ event }) => event === what);
    if (came) throw new Fault(`${what} came: ${JSON.stringify(came.data)}`);
    if (this.#server.rest.requests.includes(what)) throw new Fault(`${what} was asked for`);
  }

  async #backoff(attempts: number): Promise<void> {
    const before = ((await this.#client.state())['waits'] as readonly number[]).length;
    this.#server.refuses = attempts;
    this.#talk().socket.terminate();
    const waits = await this.#until(async () => {
      const all = (await this.#client.state())['waits'] as readonly number[];
      return all.length >= before + attempts ? all.slice(before, before + attempts) : undefined;
    }, 'the client did not try as often');
    const { firstRetryMs, maxRetryMs } = { ...SHORT_TIMES, ...this.vector.timing } as Record<string, number>;
    const shares = waits.map((wait, at) => wait / Math.min(maxRetryMs ?? 0, (firstRetryMs ?? 0) * 2 ** at));
    if (shares.some((share) => share > 1)) throw new Fault(`a wait is above its bound: ${waits.join(', ')} ms`);
    // One in a million clients with full jitter would be wronged.
    const isSpread = shares.some((share) => share < 0.5) && shares.some((share) => share > 0.5);
    if (!isSpread) throw new Fault(`the waits are not spread over 0 to their bound: ${waits.join(', ')} ms`);
  }

  /** What was said before has been taken in: the answer to a heartbeat comes behind it. */
  async #settle(): Promise<void> {
    const { talk, pings } = this.#server;
    if (!talk?.isUp) return;
    this.#server.say({ event: 'heartbeat', data: {} });
    await this.#until(() => this.#server.pings > pings || !talk.isUp, 'the heartbeat was not answered by a ping');
  }

  /** The client comes to this state and stays in it when everything that it asked for has been answered. */
  async #state(wanted: JsonObject): Promise<void> {
    let difference: string | null = null;
    const isIt = async (): Promise<boolean> => {
      await this.#settle();
      difference = this.#names.difference(wanted, this.#names.humanize(await this.#client.state()));
      return difference === null;
    };
    await this.#until(
      async () => (await isIt()) && (await isIt()),
      () => String(difference),
    );
  }

  #talk(): Talk {
    const { talk } = this.#server;
    if (!talk) throw new Fault('there is no connection');
    return talk;
  }

  async #until<T>(
    look: () => T | Promise<T>,
    otherwise: string | (() => string),
  ): Promise<Exclude<T, undefined | false>> {
    const until = performance.now() + this.patience.stepMs;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
      if (performance.now() > until) throw new Fault(typeof otherwise === 'string' ? otherwise : otherwise());
      await pause(LOOK_MS);
    }
  }
}

/** The vectors, so many at a time, each with a client of its own; results in the vectors' order. */
export async function runAll(
  vectors: readonly Vector[],
  run: (vector: Vector) => Promise<Result>,
  atOnce: number,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...vectors.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await run(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
