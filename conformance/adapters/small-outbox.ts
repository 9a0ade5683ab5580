import { ulidSource } from '../../src/protocol/ulid.js';
import type { Problem } from '../../src/protocol/errors.js';
import type { ClientState } from './serve.js';
import type { SmallLink } from './small-link.js';

interface Waiting {
  id: string;
  readonly roomId: string;
  readonly text: string;
  state: 'waiting' | 'refused';
  code?: string;
}

const AGAIN_MS = 1000;

/** Messages on their way: one at a time, each with one id until it is acked or refused for good. */
export class SmallOutbox {
  protected waiting: Waiting[] = [];
  protected readonly newId = ulidSource(Date.now, (bytes) => crypto.getRandomValues(bytes));
  #isUnderWay = false;

  constructor(protected readonly link: SmallLink) {}

  send(roomId: string, text: string): void {
    this.waiting.push({ id: this.newId(), roomId, text, state: 'waiting' });
    this.advance();
  }

  /** A session has begun. */
  resume(): void {
    this.#isUnderWay = false;
    this.advance();
  }

  state(): ClientState['pending'] {
    return this.waiting.map(({ text, state, code }) => ({ text, state, code }));
  }

  protected advance(): void {
    const next = this.waiting.find(({ state }) => state === 'waiting');
    if (!next || this.#isUnderWay || !this.link.isUp) return;
    this.#isUnderWay = true;
    const { id, roomId, text } = next;
    const fits = this.link.ask('message.send', { roomId, id, text }, ({ ack, error }) => {
      // Without an answer the connection is gone, and the next session sends it again.
      if (!ack && !error) return this.onLost(next);
      if (error && this.isPassing(error)) return this.#wait(error.retryAfterMs);
      if (ack) this.forget(next);
      if (error) this.refuse(next, error.code);
      this.resume();
    });
    if (!fits) this.refuse(next, 'PAYLOAD_TOO_LARGE');
    if (!fits) this.resume();
  }

  protected isPassing({ retryable, code }: Problem): boolean {
    return retryable || code === 'UNAUTHORIZED' || code === 'INTERNAL';
  }

  protected onLost(_message: Waiting): void {
    this.#isUnderWay = false;
  }

  protected refuse(message: Waiting, code: string): void {
    message.state = 'refused';
    message.code = code;
  }

  protected forget(message: Waiting): void {
    this.waiting = this.waiting.filter((other) => other !== message);
  }

  #wait(retryAfterMs = AGAIN_MS): void {
    setTimeout(() => this.resume(), retryAfterMs).unref();
  }
}
