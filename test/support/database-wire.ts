import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** A way to a MySQL server that can be cut and mended, and that can hang. */
export class DatabaseWire {
  private readonly sockets = new Set<Socket>();
  private readonly target: URL;
  private server: Server | null = null;
  private held: (() => void)[] | null = null;
  private holdsAt: string | null = null;
  private delayMs = 0;
  private port = 0;

  /** @param url of the database behind it */
  constructor(url: string) {
    this.target = new URL(url);
  }

  /** Lets connections through, again at the same address. */
  async mend(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(Number(this.target.port || 3306), this.target.hostname);
      this.carry(near, far);
      this.carry(far, near);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Ends every connection and takes no more. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await closed;
  }

  /** From now on nothing passes, but nothing is closed either: as a server that was stopped, or a cable pulled out. */
  hang(): void {
    this.held ??= [];
  }

  /** The same from the first statement on that holds the text. */
  hangAt(text: string): void {
    this.holdsAt = text;
  }

  /** Lets pass what was held, in order. */
  goOn(): void {
    const held = this.held ?? [];
    this.held = null;
    this.holdsAt = null;
    for (const pass of held) pass();
  }

  /** From now on everything passes in order, but that many milliseconds later, each way. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  passAtOnce(): void {
    this.delayMs = 0;
  }

  async untilHanging(): Promise<void> {
    while (!this.held) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  get isHanging(): boolean {
    return this.held !== null;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  private carry(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (chunk) => {
      if (this.holdsAt && chunk.includes(this.holdsAt)) this.hang();
      this.pass(() => to.write(chunk));
    });
    from.on('error', () => to.destroy());
    from.on('close', () => this.pass(() => to.destroy()));
  }

  private pass(step: () => void): void {
    if (this.held) this.held.push(step);
    else if (this.delayMs > 0) setTimeout(step, this.delayMs);
    else step();
  }
}
