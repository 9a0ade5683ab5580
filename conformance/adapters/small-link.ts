import { WebSocket } from 'ws';
import { afterClose } from '../../src/protocol/close-codes.js';
import type { CommandFrame, ServerFrame } from '../../src/protocol/frames.js';
import type { Problem } from '../../src/protocol/errors.js';
import { SUBPROTOCOL } from '../../src/protocol/subprotocol.js';
import type { ClientState, ConnectLine } from './serve.js';

/** What became of a command; without either, the connection was lost. */
export interface Answer {
  readonly ack?: unknown;
  readonly error?: Problem;
}

/** Whom the link tells. */
export interface SmallHooks {
  /** What `session.start` says beside the token. */
  position(limits: Readonly<Record<string, number>>): Record<string, unknown>;
  ready(ready: unknown): void;
  frame(frame: ServerFrame): void;
}

/** The connection: starting, coming back, tokens, heartbeats. */
export class SmallLink {
  state: ClientState['connection'] = 'connecting';
  code: number | null = null;
  readonly waits: number[] = [];
  isUp = false;
  limits: Readonly<Record<string, number>> = {};
  protected line!: ConnectLine;
  protected attempts = 0;
  #hooks!: SmallHooks;
  #socket: WebSocket | null = null;
  #access = '';
  #refresh = '';
  #renewal: Promise<boolean> | null = null;
  #commands = 0;
  readonly #answers = new Map<string, (answer: Answer) => void>();
  #farewell: { readonly code: number; readonly retryAfterMs?: number } | null = null;
  #silenceMs = 10_000;
  #silence: NodeJS.Timeout | undefined;

  start(line: ConnectLine, hooks: SmallHooks): void {
    this.line = line;
    this.#hooks = hooks;
    this.#access ||= line.accessToken;
    this.#refresh ||= line.refreshToken;
    this.connect();
  }

  stop(code = 1000): void {
    this.state = 'stopped';
    this.code = code;
    this.#socket?.close(1000);
  }

  /** Sends a command; says whether it fits into a frame. */
  ask(event: string, data: unknown, answer: (answer: Answer) => void): boolean {
    const id = `c${++this.#commands}`;
    const text = JSON.stringify({ id, event, data } satisfies CommandFrame);
    if (Buffer.byteLength(text) > (this.limits['frameBytes'] ?? Infinity)) return false;
    this.#answers.set(id, answer);
    this.#socket?.send(text);
    return true;
  }

  /** `GET` below `/api/v1`, with a newer token where the one here is refused. */
  async get(path: string): Promise<unknown> {
    const ask = (): Promise<Response> =>
      fetch(`${this.line.url}/api/v1${path}`, { headers: { authorization: `Bearer ${this.#access}` } });
    let response = await ask();
    if (response.status === 401 && (await this.renew())) response = await ask();
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
  }

  protected connect(): void {
    this.state = 'connecting';
    const socket = new WebSocket(`${this.line.url.replace(/^http/, 'ws')}/ws`, [SUBPROTOCOL]);
    this.#socket = socket;
    this.#farewell = null;
    this.listen();
    socket.on('error', () => undefined);
    socket.on('message', (text: Buffer) => this.#hear(JSON.parse(text.toString()) as ServerFrame | ServerFrame[]));
    socket.on('close', (code) => this.#onClose(code));
  }

  /** A newer access token, one at a time: a refresh token is good for one use. Says whether the login still holds. */
  protected renew(): Promise<boolean> {
    this.#renewal ??= this.#renewOnce().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  protected async refreshSession(): Promise<void> {
    if (await this.renew()) this.ask('session.refresh', { token: this.#access }, () => undefined);
  }

  protected async comeBack(code: number, retryAfterMs?: number): Promise<void> {
    const next = this.whatNext(code);
    if (this.state === 'stopped') return;
    if (next === 'stop') return this.stop(code);
    const waitMs = this.wait(retryAfterMs);
    this.waits.push(waitMs);
    this.state = 'away';
    await new Promise((done) => setTimeout(done, waitMs));
    if (next === 'authenticate') await this.renew().catch(() => false);
    if (this.isWanted()) this.connect();
  }

  protected whatNext(code: number): ReturnType<typeof afterClose> {
    return afterClose(code);
  }

  protected wait(retryAfterMs?: number): number {
    const bound = Math.min(this.line.timing.maxRetryMs, this.line.timing.firstRetryMs * 2 ** this.attempts++);
    return retryAfterMs ?? Math.floor(Math.random() * bound);
  }

  protected isWanted(): boolean {
    return this.state !== 'stopped';
  }

  protected listOf(message: ServerFrame | ServerFrame[]): ServerFrame[] {
    return Array.isArray(message) ? message : [message];
  }

  /** Silence is a dead connection. */
  protected listen(): void {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#silence = setTimeout(() => socket?.terminate(), this.#silenceMs);
    this.#silence.unref();
  }

  #hear(message: ServerFrame | ServerFrame[]): void {
    this.listen();
    for (const frame of this.listOf(message)) this.#take(frame);
  }

  async #renewOnce(): Promise<boolean> {
    const body = JSON.stringify({ refreshToken: this.#refresh });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.line.url}/api/v1/auth/refresh`, { method: 'POST', headers, body });
    if (response.status === 401) this.stop(4102);
    if (!response.ok) return false;
    const tokens = (await response.json()) as { accessToken: string; refreshToken: string };
    this.#access = tokens.accessToken;
    this.#refresh = tokens.refreshToken;
    return true;
  }

  #take(frame: ServerFrame): void {
    const { id = '', event, data } = frame;
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (answer) return answer(event === 'error' ? { error: data as Problem } : { ack: data });
    if (event === 'hello') return this.#begin(data as { heartbeatMs: number; limits: Record<string, number> });
    if (event === 'heartbeat') return void this.ask('ping', {}, () => undefined);
    if (event === 'goodbye') this.#farewell = data as { code: number };
    if (event === 'session.expiring') void this.refreshSession().catch(() => undefined);
    if (event === 'session.caughtUp') this.state = 'online';
    this.#hooks.frame(frame);
  }

  #begin({ heartbeatMs, limits }: { heartbeatMs: number; limits: Record<string, number> }): void {
    this.#silenceMs = heartbeatMs + this.line.timing.graceMs;
    this.limits = limits;
    this.listen();
    const start = { token: this.#access, batch: true, ...this.#hooks.position(limits) };
    this.ask('session.start', start, ({ ack }) => {
      if (!ack) return;
      this.isUp = true;
      this.attempts = 0;
      this.#hooks.ready(ack);
    });
  }

  #onClose(code: number): void {
    clearTimeout(this.#silence);
    this.isUp = false;
    const lost = [...this.#answers.values()];
    this.#answers.clear();
    for (const answer of lost) answer({});
    void this.comeBack(this.#farewell?.code ?? code, this.#farewell?.retryAfterMs);
  }
}
