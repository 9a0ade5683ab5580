import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';
import { CANARY } from './fields.js';
import { FRAME_KINDS } from './kinds.js';
import { LogWatch } from './log-watch.js';
import { FRAMES, type WholeFrameKind, padded } from './raw-frames.js';
import { RawSocket, fragments, frameBytes } from './raw-socket.js';

const MESSAGE_WITHIN_MS = 1500;
const MIB = 1_048_576;
const CASES = Object.entries(FRAMES).map(([name, sent]) => ({ name, sent, ...FRAME_KINDS[name as WholeFrameKind] }));

let world: World;
let ann: Actor;
let bystander: TestSocket;
const log = new LogWatch();

beforeAll(async () => {
  setFlagsFromString('--expose-gc');
  world = await World.create({ LIMIT_MESSAGE_WITHIN_MS: String(MESSAGE_WITHIN_MS) });
  ann = await world.user();
  bystander = await (await world.user()).connect();
});

afterAll(() => world?.stop());
beforeEach(() => log.start());
afterEach(async () => {
  vi.restoreAllMocks();
  bystander.forget();
  const { event } = await bystander.call('ping');
  if (event !== 'ack' || bystander.frames.length !== 1) throw new Error('somebody else was touched');
});

const started = () => RawSocket.started(world.app.url, ann.token);

/** Bytes that are held, once all that can be has been freed. */
function heldBytes(): number {
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('bytes in the place of a frame', () => {
  it.each(CASES)('$name: $sentence', async ({ sent, answer }) => {
    const ends: string[] = [];
    for (const frames of sent) {
      const [early, late] = [await RawSocket.open(world.app.url), await started()];
      for (const socket of [early, late]) {
        socket.write(...frames);
        ends.push(await socket.closing());
      }
    }
    expect(ends).toEqual(ends.map(() => answer));
    expect(ends.length).toBeGreaterThan(1);
  });

  it('are refused as compressed also where the client offered it', async () => {
    const fields = ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'];
    const socket = await RawSocket.open(world.app.url, fields);
    socket.write(...FRAMES.compressed[0]);
    expect(await socket.closing()).toBe(FRAME_KINDS.compressed.answer);
  });
});

describe('a message in fragments', () => {
  const read = async (...frames: Buffer[]) => {
    const socket = await started();
    socket.write(...frames);
    const { event } = await socket.next('ack');
    socket.socket.destroy();
    return event;
  };

  it('is read, whatever its parts, with pings, pongs and empty parts in between', async () => {
    const parts = fragments(Buffer.from('{"id":"é😀","event":"ping"}'), 1);
    const controls = [frameBytes('x'.repeat(125), { opcode: 9 }), frameBytes('', { opcode: 10 })];
    const empty = frameBytes('', { opcode: 0, fin: false });
    expect(await read(...parts.flatMap((part, i) => (i === 0 ? [part] : [...controls, empty, part])))).toBe('ack');
  });

  it('may be as large as a frame', async () => {
    expect(await read(frameBytes(padded(65_536)))).toBe('ack');
    expect(await read(...fragments(padded(65_536), 1000))).toBe('ack');
  });

  it('may have 1,024 parts and no more', async () => {
    expect(await read(...fragments(padded(1024), 1))).toBe('ack');
    const socket = await started();
    socket.write(...fragments(padded(1025), 1));
    expect(await socket.closing()).toBe(FRAME_KINDS.manyParts.answer);
  });

  it('manyParts: costs little, however small its parts', async () => {
    const before = heldBytes();
    const flood = Buffer.concat([frameBytes('{', { fin: false }), ...one(300_000, 'a')]);
    const empty = Buffer.concat([frameBytes('{', { fin: false }), ...one(300_000, '')]);
    expect(flood.length).toBeGreaterThan(2_000_000);
    for (const bytes of [flood, empty]) {
      const socket = await started();
      socket.write(bytes);
      expect(await socket.closing()).toMatch(/^(1008|closed)$/);
    }
    const waiting = await Promise.all(Array.from({ length: 20 }, () => RawSocket.open(world.app.url)));
    for (const socket of waiting) socket.write(Buffer.concat([frameBytes('{', { fin: false }), ...one(1000, 'a')]));
    for (const socket of waiting) socket.write(frameBytes('', { opcode: 9 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((heldBytes() - before) / MIB).toBeLessThan(32);
    for (const socket of waiting) socket.socket.destroy();
  });

  const one = (count: number, payload: string) =>
    Array<Buffer>(count).fill(frameBytes(payload, { opcode: 0, fin: false }));
});

describe('a message whose end does not come', () => {
  const START = frameBytes('{"id":', { fin: false });
  const whole = frameBytes(padded(1000));

  it('unfinished: ends its connection, whatever comes in between; others are not touched', async () => {
    const before = Date.now();
    const sockets = await Promise.all([started(), started(), started(), RawSocket.open(world.app.url)]);
    const [fragment, frame, head, early] = sockets;
    fragment.write(START);
    frame.write(whole.subarray(0, 500));
    head.write(whole.subarray(0, 1));
    early.write(START);
    const talk = setInterval(() => {
      fragment.write(frameBytes('', { opcode: 9 }), frameBytes(' ', { opcode: 0, fin: false }));
      frame.write(Buffer.from('a'));
    }, 200);
    const ends = await Promise.all(sockets.map((socket) => socket.closing()));
    clearInterval(talk);
    expect(ends).toEqual(ends.map(() => FRAME_KINDS.unfinished.answer));
    expect(Date.now() - before).toBeGreaterThanOrEqual(MESSAGE_WITHIN_MS);
  });

  it('is not mistaken for one of many that come one after the other', async () => {
    const socket = await started();
    const half = whole.length / 2;
    socket.write(whole.subarray(0, half));
    const until = Date.now() + MESSAGE_WITHIN_MS + 2500;
    while (Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      socket.write(whole.subarray(half), whole.subarray(0, half));
    }
    socket.write(whole.subarray(half));
    socket.write(frameBytes('{"event":"nothing"}'));
    expect((await socket.next('error')).data.code).toBe('UNSUPPORTED_EVENT');
    socket.socket.destroy();
  });
});

describe('a peer', () => {
  it('afterClose: has said its last word with its close', async () => {
    const { id: roomId } = await world.room([ann]);
    const socket = await started();
    const send = { id: 's', event: 'message.send', data: { roomId, id: newUlid(), text: CANARY } };
    const close = frameBytes(Buffer.from([0x03, 0xe8]), { opcode: 8 });
    socket.write(Buffer.concat([close, frameBytes(JSON.stringify(send))]));
    expect(await socket.closing()).toBe(FRAME_KINDS.afterClose.answer);
    const { body } = await ann.call('GET', `/rooms/${roomId}/messages`);
    expect(JSON.stringify(body)).not.toContain(CANARY);
  });

  it('unread: that pings and does not read is cut before its answers pile up', async () => {
    const before = heldBytes();
    const socket = await started();
    socket.socket.pause();
    const pings = Buffer.concat(Array<Buffer>(8000).fill(frameBytes('x'.repeat(125), { opcode: 9 })));
    for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => socket.socket.write(pings, () => resolve()));
    expect(await socket.closing()).toBe(FRAME_KINDS.unread.answer);
    expect((heldBytes() - before) / MIB).toBeLessThan(16);
  });

  it('cutOff: that goes away in the middle of anything takes nothing with it', async () => {
    const whole = frameBytes(JSON.stringify({ id: 'a', event: 'session.start', data: { token: ann.token } }));
    for (const bytes of [whole, whole.subarray(0, 30), frameBytes('{', { fin: false }), whole.subarray(0, 1)]) {
      for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
        const socket = await RawSocket.open(world.app.url);
        await new Promise<void>((resolve) => socket.socket.write(bytes, () => resolve()));
        socket.socket[leave]();
      }
    }
    expect(log.text).not.toMatch(/error|fail/i);
  });
});
