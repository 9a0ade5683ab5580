import { WebSocket } from 'ws';
import type { ServerFrame } from '../../src/protocol/frames.js';
import { SUBPROTOCOL } from '../../src/protocol/commands.js';

/** Far above what anything takes; a disk that others keep busy can make a commit take long. */
const DEADLINE_MS = 15_000;

/** A frame with loosely typed data, as tests look at it. */
export type Frame = Omit<ServerFrame, 'data'> & { readonly data: Record<string, any> };

interface OpenOptions {
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
  readonly origin?: string;
}

/** A bare socket that remembers every frame: for what no decent client does, and for who must not receive. */
export class TestSocket {
  /** Everything received, in order; `next` does not take anything out. */
  readonly frames: Frame[] = [];
  closed: { code: number; reason: string } | null = null;
  private position = 0;
  private readonly wakers = new Set<() => void>();
  private nextId = 0;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data) => {
      const parsed = JSON.parse((data as Buffer).toString()) as Frame | Frame[];
      this.frames.push(...(Array.isArray(parsed) ? parsed : [parsed]));
      this.wake();
    });
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.wake();
    });
    ws.on('error', () => undefined);
  }

  /** Opens a socket. Rejects with `HTTP <status>` where the upgrade is refused. */
  static async open(url: string, options: OpenOptions = {}): Promise<TestSocket> {
    const { headers, protocols = [SUBPROTOCOL], origin } = options;
    const ws = new WebSocket(url, protocols, { headers, origin, perMessageDeflate: false });
    const socket = new TestSocket(ws);
    await new Promise<void>((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('error', reject);
      ws.once('unexpected-response', (_, response) => {
        reject(new Error(`HTTP ${response.statusCode}`));
        ws.terminate();
      });
    });
    return socket;
  }

  /** Sends a command and returns its answer, `ack` or `error`. */
  async call(event: string, data: unknown = {}): Promise<Frame> {
    return this.answerTo(this.send(event, data));
  }

  /** Sends a command and returns its id. */
  send(event: string, data: unknown = {}): string {
    const id = `t${++this.nextId}`;
    this.ws.send(JSON.stringify({ id, event, data }));
    return id;
  }

  /** Sends text as it is. */
  raw(text: string | Buffer): void {
    this.ws.send(text);
  }

  answerTo(id: string): Promise<Frame> {
    return this.until(() => this.frames.find((frame) => frame.id === id), `the answer to ${id}`);
  }

  /** The next frame of this event that no earlier `next` returned. */
  next(event: string, matches: (frame: Frame) => boolean = () => true): Promise<Frame> {
    return this.until(() => {
      const index = this.frames.findIndex((frame, i) => i >= this.position && frame.event === event && matches(frame));
      if (index === -1) return undefined;
      this.position = index + 1;
      return this.frames[index];
    }, event);
  }

  /** All frames of the event so far, those of one room if named. */
  of(event: string, roomId?: string): Frame[] {
    return this.frames.filter((frame) => frame.event === event && (roomId === undefined || frame.roomId === roomId));
  }

  /** The durable frames of a room so far. */
  durable(roomId: string): Frame[] {
    return this.frames.filter((frame) => frame.roomId === roomId && frame.rev !== undefined);
  }

  closing(): Promise<{ code: number; reason: string }> {
    return this.until(() => this.closed ?? undefined, 'the close');
  }

  /** Forgets what came so far. */
  forget(): void {
    this.frames.splice(0);
    this.position = 0;
  }

  /** Waits for a condition over what came in. */
  async until<T>(look: () => T | undefined | false, what: string): Promise<T> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${what} did not come; last frames: ${this.describe()}`);
      await this.wakened(left);
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.ws.close();
    await this.closing();
  }

  private describe(): string {
    return JSON.stringify({ closed: this.closed, frames: this.frames.slice(-5) }).slice(0, 2000);
  }

  private wake(): void {
    for (const waker of this.wakers) waker();
  }

  private async wakened(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const waker = () => {
        clearTimeout(timer);
        this.wakers.delete(waker);
        resolve();
      };
      this.wakers.add(waker);
    });
  }
}
