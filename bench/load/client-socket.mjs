// A WebSocket client that costs little, so that what is measured is the server and not the load.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const LARGE = 126;
const TEXT = 0x81;
const PING = 0x9;
const HEAD_END = '\r\n\r\n';

/** A connected socket that hands each text frame of the server, as a text, to `onFrame`. */
export class ClientSocket {
  onFrame = () => undefined;
  onClose = () => undefined;
  #rest = null;

  constructor(tcp) {
    this.tcp = tcp;
  }

  /** Opens one. `url`: the server's address, `http://…`; `from`: the local address to come from. */
  static open(url, from) {
    const { hostname, port, host } = new URL(url);
    const tcp = connect({ host: hostname, port: Number(port), noDelay: true, ...(from ? { localAddress: from } : {}) });
    const head = [
      'GET /ws HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Protocol: parley.v1+json',
    ];
    tcp.write(head.join('\r\n') + HEAD_END);
    return new Promise((resolve, reject) => {
      const socket = new ClientSocket(tcp);
      tcp.once('error', reject);
      tcp.once('close', () => reject(new Error('closed in the handshake')));
      tcp.once('data', (chunk) => {
        const end = chunk.indexOf(HEAD_END);
        if (end < 0 || !chunk.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
          reject(new Error(`no upgrade: ${chunk.toString('latin1', 0, 80)}`));
          return;
        }
        socket.#listen(chunk.subarray(end + HEAD_END.length));
        resolve(socket);
      });
    });
  }

  /** Sends a text frame, masked with zeros as RFC 6455 allows a test to do. */
  send(text) {
    const payload = Buffer.byteLength(text);
    const head = payload < LARGE ? 2 : 4;
    const bytes = Buffer.alloc(head + 4 + payload);
    bytes[0] = TEXT;
    bytes[1] = 0x80 | Math.min(payload, LARGE);
    if (head === 4) bytes.writeUInt16BE(payload, 2);
    bytes.write(text, head + 4);
    this.tcp.write(bytes);
  }

  /** Whether it reads what comes. */
  read(isReading) {
    if (isReading) this.tcp.resume();
    else this.tcp.pause();
  }

  /** Gone without a goodbye. */
  destroy() {
    this.tcp.destroy();
  }

  #listen(first) {
    this.tcp.removeAllListeners('close');
    this.tcp.removeAllListeners('error');
    this.tcp.on('error', () => undefined);
    this.tcp.on('close', () => this.onClose());
    this.tcp.on('data', (chunk) => this.#take(chunk));
    // Whoever opened it sets `onFrame` first.
    if (first.length > 0) setImmediate(() => this.#take(first));
  }

  #take(chunk) {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      const frame = frameAt(bytes, at);
      if (!frame) break;
      at = frame.end;
      this.#handle(frame, bytes);
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : null;
  }

  #handle({ opcode, begin, end }, bytes) {
    if (opcode === 1) this.onFrame(bytes.latin1Slice(begin, end), bytes.length);
    else if (opcode === PING) this.tcp.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  }
}

/** Where the next frame's payload lies, or null while it is not here as a whole. */
function frameAt(bytes, at) {
  if (bytes.length < at + 2) return null;
  const small = bytes[at + 1] & 0x7f;
  const head = small < LARGE ? 2 : small === LARGE ? 4 : 10;
  if (bytes.length < at + head) return null;
  const length =
    small < LARGE ? small : small === LARGE ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  const begin = at + head;
  if (bytes.length < begin + length) return null;
  return { opcode: bytes[at] & 0xf, begin, end: begin + length };
}
