import type { ServerFrame } from '../../src/protocol/frames.js';

/** Far above what anything takes; a disk that others keep busy can make a commit take long. */
const DEADLINE_MS = 15_000;

/** A frame with loosely typed data, as tests look at it. */
export type Frame = Omit<ServerFrame, 'data'> & { readonly data: Record<string, any> };

/** What came in on a socket or a stream of events, to wait for and to look at. */
export abstract class FrameLog {
  /** Everything received, in order; `next` does not take anything out. */
  readonly frames: Frame[] = [];
  abstract readonly closed: object | null;
  private position = 0;
  private readonly wakers = new Set<() => void>();

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

  private describe(): string {
    return JSON.stringify({ closed: this.closed, frames: this.frames.slice(-5) }).slice(0, 2000);
  }

  protected wake(): void {
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
