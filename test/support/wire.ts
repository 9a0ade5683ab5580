import { Writable } from 'node:stream';
import type { Socket } from 'node:net';
import * as ws from 'ws';
import { Principal } from '../../src/access/principal.js';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.js';
import { Connection } from '../../src/realtime/connections/connection.js';
import type { Frame } from './socket.js';

// The package exports it; its types do not know.
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

/** Reads a server's bytes as a client does: by the parser of `ws`, which knows nothing of ours. */
export class WireReader {
  /** The text of each WebSocket message, in order. */
  readonly messages: string[] = [];
  /** The code of the close frame, once one came. */
  closed: number | null = null;
  private readonly receiver = new Receiver({ isServer: false });

  constructor() {
    this.receiver.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) throw new Error('a binary message came');
      this.messages.push(data.toString());
    });
    this.receiver.on('conclude', (code: number) => (this.closed = code));
  }

  /** Bytes as they come, or as frames hold them. */
  write(bytes: Buffer | string): void {
    this.receiver.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The frames of all messages; a batch counts as its parts. */
  get frames(): Frame[] {
    return this.messages.flatMap((text) => JSON.parse(text) as Frame | Frame[]);
  }
}

/** The frames in bytes that were written for one client. */
export function framesIn(bytes: Buffer | string): Frame[] {
  const reader = new WireReader();
  reader.write(bytes);
  return reader.frames;
}

/** A connection of the server's to a client that takes everything at once; there is no network in between. */
export class NearConnection {
  readonly reader = new WireReader();
  readonly connection: Connection;

  constructor(readonly userId: string) {
    const { reader } = this;
    const socket = new Writable({
      write(chunk: Buffer, _, done) {
        reader.write(chunk);
        done();
      },
    }) as Socket;
    const webSocket = { close: () => undefined, terminate: () => undefined } as unknown as ws.WebSocket;
    const upgraded = { webSocket, socket, network: '127.0.0.1', bearer: null };
    this.connection = new Connection(upgraded, DEFAULT_LIMITS, Date.now);
    this.connection.login = { userId, sessionId: 'a session' };
    this.connection.principal = Principal.user(userId, 'a session', 'user');
  }

  /** Everything that came so far, at the end of this turn. */
  async frames(): Promise<Frame[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.reader.frames;
  }

  /** The revs that came so far, a skip as `from-to`. */
  async revs(): Promise<(number | string | undefined)[]> {
    return (await this.frames()).map(({ event, fromRev, rev, userRev }) =>
      event === 'skip' ? `${fromRev}-${rev}` : (rev ?? userRev ?? event),
    );
  }
}
