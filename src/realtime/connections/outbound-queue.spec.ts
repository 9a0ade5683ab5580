import { type AddressInfo, type Server, type Socket, createServer, connect } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WireReader } from '../../../test/support/wire.js';
import { type Frame, ephemeralFrame, frameOf } from './frame.js';
import { OutboundQueue } from './outbound-queue.js';

const BOUNDS = { queueBytes: 1_048_576, queueFrames: 512 };
const DEADLINE_MS = 5000;
const KIB = 1024;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const filler = (bytes: number) => 'x'.repeat(bytes);

const durable = (roomId: string, rev: number, bytes = 100): Frame =>
  frameOf(JSON.stringify({ event: 'message.created', roomId, rev, data: filler(bytes) }), {
    kind: 'durable',
    roomId,
    rev,
  });
const priv = (userRev: number, bytes = 100): Frame =>
  frameOf(JSON.stringify({ event: 'read.updated', userRev, data: filler(bytes) }), { kind: 'private', rev: userRev });
const reply = (id: string, bytes = 100): Frame => frameOf(JSON.stringify({ id, event: 'ack', data: filler(bytes) }));

/** What a frame is, in short: `a7`, `ack 3`, `room.stale a9`. */
function nameOf({ event, id, roomId, rev, userRev, data }: WireReader['frames'][number]): string {
  if (event === 'message.created') return `${roomId}${rev}`;
  if (event === 'room.stale') return `room.stale ${roomId}${data.headRev}`;
  return `${event} ${id ?? userRev ?? ''}`.trim();
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await turn();
  }
}

describe('OutboundQueue', () => {
  let server: Server;
  let near: Socket;
  let far: Socket;
  let reader: WireReader;
  let now: number;
  let queue: OutboundQueue;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    far = connect((server.address() as AddressInfo).port, '127.0.0.1');
    near = await accepted;
    reader = new WireReader();
    far.on('data', (bytes: Buffer) => reader.write(bytes));
    now = 1000;
    queue = new OutboundQueue(near, BOUNDS, () => now);
  });

  afterEach(async () => {
    near.destroy();
    far.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const came = (): string[] => reader.frames.map(nameOf);
  /** Everything that was queued has been read, the reply behind it too. */
  const readAll = async () => {
    far.resume();
    queue.push(reply('the end'));
    await until(() => came().includes('ack the end') && queue.fill === 0, 'the end of the queue');
    await turn();
  };
  /** Stops the reader and writes until the kernel takes no more; what stays in Node is below a quarter. */
  const stall = async (): Promise<number> => {
    far.pause();
    let rev = 0;
    while (near.writableLength === 0) {
      queue.push(durable('old', ++rev, 100 * KIB));
      await turn();
    }
    expect(queue.fill).toBeLessThan(0.5);
    return rev;
  };

  it('writes all frames of a turn at once, replies before events, each kind in order', async () => {
    const write = vi.spyOn(near, 'write');
    queue.push(durable('a', 1));
    queue.push(reply('1'));
    queue.push(priv(7));
    queue.push(durable('a', 2));
    queue.push(ephemeralFrame('heartbeat', {}));
    queue.push(reply('2'));
    expect(write).not.toHaveBeenCalled();
    await turn();
    expect(write).toHaveBeenCalledTimes(1);
    await until(() => came().length === 6, 'the arrival');
    expect(came()).toEqual(['ack 1', 'ack 2', 'a1', 'read.updated 7', 'a2', 'heartbeat']);
    queue.push(durable('a', 3));
    await turn();
    expect(write).toHaveBeenCalledTimes(2);
  });

  it('waits for what promises add in the same turn', async () => {
    const write = vi.spyOn(near, 'write');
    queue.push(durable('a', 1));
    await Promise.resolve().then(() => queue.push(reply('1')));
    await turn();
    expect(write).toHaveBeenCalledTimes(1);
    await until(() => came().length === 2, 'the arrival');
    expect(came()).toEqual(['ack 1', 'a1']);
  });

  it('knows when it last wrote', async () => {
    now = 5000;
    queue.push(priv(1));
    await turn();
    now = 9000;
    await turn();
    expect(queue.lastWriteAt).toBe(5000);
  });

  it('takes a burst of one turn that is above the bound of frames, when its reader reads', async () => {
    const revs = Array.from({ length: 2 * BOUNDS.queueFrames }, (_, i) => i + 1);
    for (const rev of revs) queue.push(durable('a', rev));
    await readAll();
    expect(came().filter((name) => name !== 'ack the end')).toEqual(revs.map((rev) => `a${rev}`));
  });

  it('has no room within the turn that fills it, and has it again when the socket has taken all', async () => {
    const onRoom = vi.fn<() => void>();
    queue.onRoom = onRoom;
    queue.push(reply('large', BOUNDS.queueBytes));
    expect(queue.askRoom()).toBe(false);
    await readAll();
    expect(onRoom).toHaveBeenCalledTimes(1);
  });

  describe('with batch', () => {
    beforeEach(() => (queue.batch = true));

    it('puts the frames of a turn into arrays of at most 64', async () => {
      for (let rev = 1; rev <= 150; rev++) queue.push(durable('a', rev));
      await turn();
      await until(() => came().length === 150, 'the arrival');
      const sizes = reader.messages.map((text) => (JSON.parse(text) as unknown[]).length);
      expect(sizes).toEqual([64, 64, 22]);
      expect(came()).toEqual(Array.from({ length: 150 }, (_, i) => `a${i + 1}`));
    });

    it('sends a frame that is alone as it is', async () => {
      queue.push(durable('a', 1));
      await until(() => came().length === 1, 'the arrival');
      expect(reader.messages[0]).toMatch(/^\{/);
    });
  });

  describe('to a reader that has stopped', () => {
    it('stays within its bounds whatever comes, and tells the newest rev of each room', async () => {
      await stall();
      const newest = new Map<string, number>();
      for (let i = 1; i <= 5000; i++) {
        const roomId = `room${i % 7}`;
        newest.set(roomId, i);
        queue.push(durable(roomId, i, 10 * KIB));
        expect(queue.fill).toBeLessThan(1);
        if (i % 100 === 0) await turn();
      }
      expect(near.writableLength).toBeLessThan(BOUNDS.queueBytes / 2);
      expect(queue.fullSince).toBe(0);
      await readAll();
      // Whatever a client has of a room in the end: live frames up to its newest rev, or a word to pull up to it.
      for (const [roomId, rev] of newest) {
        const last = came().findLast((name) => name.includes(`${roomId}`) && /\d+$/.test(name));
        expect([`${roomId}${rev}`, `room.stale ${roomId}${rev}`]).toContain(last);
      }
      expect(came().filter((name) => name.startsWith('room.stale')).length).toBeGreaterThan(0);
    });

    it('is bounded by the number of frames too', async () => {
      await stall();
      for (let rev = 1; rev <= 2000; rev++) queue.push(durable('a', rev, 1));
      expect(queue.fill).toBeLessThan(1);
      await readAll();
      expect(came()).toContain('room.stale a2000');
    });

    it('drops ephemeral frames from one half on and takes them below', async () => {
      await stall();
      queue.push(ephemeralFrame('early', {}));
      while (queue.fill < 0.5) queue.push(priv(1, 10 * KIB));
      const { fill } = queue;
      for (let i = 0; i < 100; i++) queue.push(ephemeralFrame('typing', {}));
      expect(queue.fill).toBe(fill);
      await readAll();
      expect(came()).toContain('early');
      expect(came()).not.toContain('typing');
    });

    it('gives up ephemeral frames that wait, before any durable one', async () => {
      await stall();
      queue.push(ephemeralFrame('typing', {}));
      let rev = 0;
      while (queue.fill < 0.75 && rev < 10_000) queue.push(durable('a', ++rev, KIB));
      await readAll();
      expect(came()).not.toContain('typing');
    });

    it('replaces the busiest room and leaves the quiet ones alone', async () => {
      await stall();
      queue.push(durable('quiet', 1));
      queue.push(priv(1));
      for (let rev = 1; rev <= 200; rev++) queue.push(durable('busy', rev, 10 * KIB));
      await readAll();
      expect(came()).toContain('quiet1');
      expect(came()).toContain('read.updated 1');
      expect(came()).toContain('room.stale busy200');
      expect(came()).not.toContain('room.stale quiet1');
      expect(came()).not.toContain('busy200');
    });

    it('sends live frames of a room again once it has said that the room is stale', async () => {
      await stall();
      for (let rev = 1; rev <= 200; rev++) queue.push(durable('a', rev, 10 * KIB));
      await readAll();
      for (let rev = 201; rev <= 203; rev++) queue.push(durable('a', rev));
      await until(() => came().includes('a203'), 'the live frames');
      const ofRoom = came().filter((name) => /^(room\.stale )?a\d+$/.test(name));
      const stale = ofRoom.indexOf('room.stale a200');
      expect(ofRoom.slice(stale)).toEqual(['room.stale a200', 'a201', 'a202', 'a203']);
      // What came before is a beginning without a hole.
      expect(ofRoom.slice(0, stale)).toEqual(Array.from({ length: stale }, (_, i) => `a${i + 1}`));
    });

    it('never drops a reply or a private event, and says since when it has been full', async () => {
      await stall();
      expect(queue.fullSince).toBe(0);
      const replies = Array.from({ length: 40 }, (_, i) => `ack ${i}`);
      now = 2000;
      for (let i = 0; i < 40; i++) {
        queue.push(reply(`${i}`, 50 * KIB));
        queue.push(priv(i));
        await turn();
      }
      expect(queue.fill).toBeGreaterThan(1);
      expect(queue.fullSince).toBe(2000);
      now = 3000;
      queue.push(reply('more'));
      expect(queue.fullSince).toBe(2000);
      await readAll();
      expect(came().filter((name) => /^ack \d+$/.test(name))).toEqual(replies);
      expect(came().filter((name) => name.startsWith('read.updated'))).toHaveLength(40);
      expect(queue.fullSince).toBe(0);
    });

    it('has no room for more answers, and says once when it has', async () => {
      const onRoom = vi.fn<() => void>();
      queue.onRoom = onRoom;
      await stall();
      expect(queue.askRoom()).toBe(true);
      queue.push(reply('large', 2 * BOUNDS.queueBytes));
      expect([queue.askRoom(), queue.askRoom()]).toEqual([false, false]);
      expect(onRoom).not.toHaveBeenCalled();
      await readAll();
      expect(queue.askRoom()).toBe(true);
      expect(onRoom).toHaveBeenCalledTimes(1);
    });

    it('takes no harm from a socket that is gone', async () => {
      await stall();
      queue.push(durable('a', 1));
      near.destroy();
      await until(() => near.closed, 'the close');
      expect(() => queue.push(durable('a', 2))).not.toThrow();
      await turn();
    });
  });
});

/** A socket whose kernel takes each write only when the test says so. */
function heldSocket() {
  const reader = new WireReader();
  const taken: (() => void)[] = [];
  const socket = new Writable({
    write(chunk: Buffer, _, done) {
      taken.push(() => {
        reader.write(chunk);
        done();
      });
    },
  }) as Socket;
  const takeOne = async () => {
    taken.shift()?.();
    await turn();
  };
  return { socket, reader, takeOne };
}

describe('OutboundQueue beside other writers of the socket', () => {
  it('goes on when a ping was written between its own writes', async () => {
    const { socket, reader, takeOne } = heldSocket();
    const queue = new OutboundQueue(socket, BOUNDS, () => 1000);
    queue.push(durable('a', 1));
    await turn();
    queue.push(durable('a', 2));
    // As ws answers a ping, past the queue.
    socket.write(Buffer.from([0x8a, 0]));
    await takeOne();
    await takeOne();
    await takeOne();
    expect(reader.frames.map(nameOf)).toEqual(['a1', 'a2']);
  });
});
