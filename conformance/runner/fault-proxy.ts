import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** What becomes of one connection through the proxy, after so many bytes in both directions. */
interface Fate {
  readonly kind: 'cut' | 'half-open' | 'slow' | 'none';
  readonly atByte: number;
}

const KINDS: readonly Fate['kind'][] = ['cut', 'cut', 'half-open', 'slow', 'none'];
/** Most bytes before something happens: a handshake, some frames, and seldom the middle of one. */
const MOST_BYTES = 5000;
/** A slow connection gives so many bytes at once, at most. */
const SLOW_BYTES = 200;

/** Mulberry32: the same seed gives the same faults for the same bytes. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A bad network before a server: it cuts connections in the middle of a frame, lets them stand without carrying anything,
 * and carries slowly. It never loses, doubles or turns bytes of a connection that goes on, since TCP does not.
 */
export class FaultProxy {
  /** Whether new connections come to harm. */
  isWild = false;
  /** How often each thing has happened. */
  readonly done = { cut: 0, 'half-open': 0, slow: 0, none: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(
    private readonly port: number,
    private readonly random: () => number,
  ) {
    this.#server = createServer((client) => this.#carry(client));
  }

  /** Begins; the address in the place of the server's. */
  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts everything that is under way. */
  cutAll(): void {
    this.done.cut += this.#sockets.size / 2;
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((done) => this.#server.close(done));
  }

  #carry(client: Socket): void {
    const upstream = connect(this.port, '127.0.0.1');
    const pair = [client, upstream] as const;
    const fate = this.#fateOf();
    let bytes = 0;
    const take = (from: Socket, to: Socket, chunk: Buffer): void => {
      const before = bytes;
      bytes += chunk.length;
      if (bytes < fate.atByte) return void to.write(chunk);
      if (before < fate.atByte) this.done[fate.kind]++;
      if (fate.kind === 'slow') return this.#drip(from, to, chunk);
      if (fate.kind !== 'cut' || before >= fate.atByte) return;
      // The other side gets the part of the frame that was on its way.
      to.write(chunk.subarray(0, fate.atByte - before), () => pair.forEach((socket) => socket.destroy()));
    };
    for (const [from, to] of [pair, [upstream, client]] as const) {
      this.#sockets.add(from);
      from.on('data', (chunk) => take(from, to, chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }

  #fateOf(): Fate {
    const kind = this.isWild ? (KINDS[Math.floor(this.random() * KINDS.length)] ?? 'none') : 'none';
    return { kind, atByte: kind === 'none' ? Infinity : 1 + Math.floor(this.random() * MOST_BYTES) };
  }

  #drip(from: Socket, to: Socket, chunk: Buffer): void {
    from.pause();
    const rest = chunk.subarray(SLOW_BYTES);
    to.write(chunk.subarray(0, SLOW_BYTES));
    setTimeout(() => (rest.length > 0 ? this.#drip(from, to, rest) : from.resume()), 1 + this.random() * 10);
  }
}
