import { type Socket, connect } from 'node:net';
import type { Frame } from '../support/socket.js';
import { WireReader } from '../support/wire.js';

/** Far above what anything takes. */
const DEADLINE_MS = 15_000;
const MASK = Buffer.from([1, 2, 3, 4]);

/** What stands in a frame's head; left out, it is as it should be. */
export interface Head {
  readonly fin?: boolean;
  /** The reserved bits, as 4, 2 and 1. */
  readonly rsv?: number;
  readonly opcode?: number;
  readonly masked?: boolean;
  /** The length that is said, where it is not the payload's. */
  readonly length?: number | bigint;
}

/** A client's frame (RFC 6455, 5.2), right or wrong. */
export function frameBytes(payload: string | Buffer, head: Head = {}): Buffer {
  const { fin = true, rsv = 0, opcode = 1, masked = true } = head;
  const bytes = Buffer.from(payload as string);
  const length = BigInt(head.length ?? bytes.length);
  const first = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]);
  const size = sizeOf(length, masked ? 0x80 : 0);
  return Buffer.concat([first, size, ...(masked ? [MASK, bytes.map((byte, i) => byte ^ MASK[i % 4])] : [bytes])]);
}

function sizeOf(length: bigint, mask: number): Buffer {
  if (length < 126n) return Buffer.from([mask | Number(length)]);
  const isShort = length < 65_536n;
  const size = Buffer.alloc(isShort ? 3 : 9);
  size[0] = mask | (isShort ? 126 : 127);
  if (isShort) size.writeUInt16BE(Number(length), 1);
  else size.writeBigUInt64BE(length, 1);
  return size;
}

/** A text in fragments of these bytes each. */
export function fragments(payload: Buffer, bytes: number, opcode = 1): Buffer[] {
  const count = Math.ceil(payload.length / bytes);
  return Array.from({ length: count }, (_, i) =>
    frameBytes(payload.subarray(i * bytes, (i + 1) * bytes), { fin: i === count - 1, opcode: i === 0 ? opcode : 0 }),
  );
}

/** A TCP connection that has become a WebSocket and can say anything. */
export class RawSocket {
  private readonly reader = new WireReader();
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  static async open(url: string, fields: readonly string[] = []): Promise<RawSocket> {
    const { hostname, port } = new URL(url);
    const raw = new RawSocket(connect(Number(port), hostname));
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    raw.socket.write(['GET /ws HTTP/1.1', 'Host: a', ...upgrade, key, ...fields, '', ''].join('\r\n'));
    const head = await raw.readHead();
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(head);
    return raw;
  }

  /** A socket whose session is started. */
  static async started(url: string, token: string): Promise<RawSocket> {
    const raw = await RawSocket.open(url);
    raw.write(frameBytes(JSON.stringify({ id: 'start', event: 'session.start', data: { token } })));
    await raw.next('session.caughtUp');
    return raw;
  }

  get frames(): Frame[] {
    return this.reader.frames;
  }

  write(...frames: readonly Buffer[]): void {
    for (const frame of frames) if (this.socket.writable) this.socket.write(frame);
  }

  next(event: string): Promise<Frame> {
    return this.until(() => this.frames.find((frame) => frame.event === event), event);
  }

  /** How the server closed: its code, with the reason it gave before. */
  async closing(): Promise<string> {
    const code = await this.until(() => this.reader.closed ?? (this.ended ? 'closed' : undefined), 'a close');
    const reason = this.frames.find(({ event }) => event === 'goodbye')?.data.reason as string | undefined;
    return reason ? `${code} ${reason}` : String(code);
  }

  private async readHead(): Promise<string> {
    let bytes = Buffer.alloc(0);
    this.socket.on('data', (chunk: Buffer) => {
      if (bytes.includes('\r\n\r\n')) return this.read(chunk);
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n\r\n') + 4;
      if (end > 3) this.read(bytes.subarray(end));
    });
    await this.until(() => bytes.includes('\r\n\r\n') || this.ended, 'the upgrade');
    return bytes.toString('latin1');
  }

  private read(chunk: Buffer): void {
    this.reader.write(chunk);
    this.wake();
  }

  private async until<T>(look: () => T | undefined | false, what: string): Promise<T> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > deadline) throw new Error(`${what} did not come: ${JSON.stringify(this.frames.slice(-3))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
