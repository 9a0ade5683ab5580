import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../../src/protocol/subprotocol.js';
import { type Frame, FrameLog } from './frame-log.js';

export type { Frame };

interface OpenOptions {
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
  readonly origin?: string;
}

/** A bare socket that remembers every frame: for what no decent client does, and for who must not receive. */
export class TestSocket extends FrameLog {
  closed: { code: number; reason: string } | null = null;
  private nextId = 0;

  private constructor(readonly ws: WebSocket) {
    super();
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

  closing(): Promise<{ code: number; reason: string }> {
    return this.until(() => this.closed ?? undefined, 'the close');
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.ws.close();
    await this.closing();
  }
}
