import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../../src/protocol/subprotocol.js';
import type { Frame } from '../support/socket.js';

type Answer = Pick<Frame, 'event' | 'data'>;

/** How long an answer may take before a client calls it lost (P7). */
const ANSWER_MS = 10_000;

/** One socket: commands with their answers, and a listener for everything else. */
export class Wire {
  private readonly waiting = new Map<string, (answer: Answer | null) => void>();
  private nextId = 0;

  private constructor(
    private readonly ws: WebSocket,
    private readonly onFrame: (frame: Frame) => void,
  ) {
    ws.on('message', (data) => {
      const parsed = JSON.parse((data as Buffer).toString()) as Frame | Frame[];
      for (const frame of Array.isArray(parsed) ? parsed : [parsed]) this.receive(frame);
    });
    ws.on('close', () => this.loseAnswers());
    ws.on('error', () => undefined);
  }

  /** Null where nobody listens, or the server refuses. */
  static open(url: string, onFrame: (frame: Frame) => void): Promise<Wire | null> {
    const ws = new WebSocket(`${url.replace('http', 'ws')}/ws`, [SUBPROTOCOL], { perMessageDeflate: false });
    const wire = new Wire(ws, onFrame);
    return new Promise((resolve) => {
      ws.once('open', () => resolve(wire));
      ws.once('close', () => resolve(null));
    });
  }

  onClose(listener: () => void): void {
    this.ws.once('close', listener);
  }

  get isOpen(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  /** Sends a command. Null: the answer was lost, or did not come in ten seconds. */
  call(event: string, data: object): Promise<Answer | null> {
    if (!this.isOpen) return Promise.resolve(null);
    const id = `c${++this.nextId}`;
    this.ws.send(JSON.stringify({ id, event, data }));
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer(null), ANSWER_MS);
      const answer = (given: Answer | null) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(given);
      };
      this.waiting.set(id, answer);
    });
  }

  /** Ends without a goodbye. */
  drop(): void {
    this.ws.terminate();
  }

  /** Reads nothing more until `readOn`. */
  stopReading(): void {
    this.ws.pause();
  }

  readOn(): void {
    this.ws.resume();
  }

  private receive(frame: Frame): void {
    const answer = frame.id === undefined ? undefined : this.waiting.get(frame.id);
    // An answer is taken in before the frames behind it, as a client must do with `session.ready`.
    if (answer) answer(frame);
    this.onFrame(frame);
  }

  private loseAnswers(): void {
    for (const answer of this.waiting.values()) answer(null);
  }
}
