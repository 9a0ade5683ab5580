/** FIN and opcode 1, text (RFC 6455, 5.2). */
const FINAL_TEXT = '\x81';

/**
 * A JSON text as an RFC 6455 text frame, as a string of bytes (latin1): strings are joined without copying, so what a
 * socket gets in a turn is copied once, by the write itself.
 *
 * @param {string} json
 * @returns {string}
 */
export function frameOf(json) {
  const length = Buffer.byteLength(json);
  const payload = length === json.length ? json : Buffer.from(json).latin1Slice();
  if (length < 126) return FINAL_TEXT + String.fromCharCode(length) + payload;
  if (length < 65_536) return FINAL_TEXT + String.fromCharCode(126, length >> 8, length & 255) + payload;
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(length));
  return FINAL_TEXT + String.fromCharCode(127) + size.latin1Slice() + payload;
}

/** @type {Outbox[]} */
let waiting = [];

/** What one socket is to be sent: all frames of a turn of the event loop leave in one write, past `ws`. */
export class Outbox {
  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.socket = socket;
    this.bytes = '';
  }

  /** @param {string} frame */
  push(frame) {
    if (this.bytes === '' && waiting.push(this) === 1) setImmediate(flushAll);
    this.bytes += frame;
  }

  flush() {
    const { bytes } = this;
    this.bytes = '';
    this.socket.write(bytes, 'latin1');
  }
}

function flushAll() {
  const outboxes = waiting;
  waiting = [];
  for (const outbox of outboxes) outbox.flush();
}
