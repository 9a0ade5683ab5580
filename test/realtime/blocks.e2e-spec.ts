import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

/** Sends that a device has on the way at once. */
const IN_FLIGHT = 8;

interface Sent {
  readonly id: string;
  readonly begun: number;
  readonly ended: number;
  readonly answer: string;
}

let clock = 0;
const tick = () => ++clock;

/** A device that sends without a pause until it is told to stop. */
class Storm {
  readonly sent: Sent[] = [];
  private isOver = false;
  private readonly loops: Promise<void>[];

  constructor(
    private readonly socket: TestSocket,
    private readonly roomId: string,
  ) {
    this.loops = Array.from({ length: IN_FLIGHT }, () => this.run());
  }

  async stop(): Promise<readonly Sent[]> {
    this.isOver = true;
    await Promise.all(this.loops);
    return this.sent;
  }

  /** Waits for that many answers more. */
  async more(count: number): Promise<void> {
    const wanted = this.sent.length + count;
    await this.socket.until(() => this.sent.length >= wanted, `${count} answers`);
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      const [id, begun] = [newUlid(), tick()];
      const { event, data } = await this.socket.call('message.send', { roomId: this.roomId, id, text: `m${begun}` });
      this.sent.push({ id, begun, ended: tick(), answer: event === 'ack' ? 'ack' : (data.code as string) });
    }
  }
}

const direct = async (one: Actor, other: Actor) =>
  (await one.call('POST', '/rooms/direct', { userId: other.id })).body.id as string;

/** What ends the right to write, what gives it back, and what a sender is told meanwhile. */
type Switch = readonly [
  string,
  (ann: Actor, bob: Actor) => Promise<unknown>,
  (ann: Actor, bob: Actor) => Promise<unknown>,
  string,
];

const SWITCHES: readonly Switch[] = [
  [
    'a block',
    (ann, bob) => ann.call('PUT', `/blocks/${bob.id}`),
    (ann, bob) => ann.call('DELETE', `/blocks/${bob.id}`),
    'BLOCKED',
  ],
  [
    'a preference',
    (ann) => ann.call('PATCH', '/preferences', { contact: 'nobody' }),
    (ann) => ann.call('PATCH', '/preferences', { contact: 'everybody' }),
    'CONTACT_CLOSED',
  ],
];

describe('in a storm of direct messages', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterEach(() => (clock = 0));
  afterAll(() => world?.stop());

  it.each(SWITCHES)('%s holds for every send begun after its answer', async (_, end, restore, code) => {
    for (let round = 0; round < 5; round++) {
      const [ann, bob, cid] = await world.users(3);
      const [roomId, other] = [await direct(bob, ann), await direct(bob, cid)];
      const [device, second] = [await bob.connect(), await bob.connect()];
      const storms = [new Storm(device, roomId), new Storm(second, roomId), new Storm(await cid.connect(), other)];
      await storms[0].more(40);
      await end(ann, bob);
      const answered = tick();
      await storms[0].more(60);
      const restoring = tick();
      await restore(ann, bob);
      const restored = tick();
      await storms[0].more(40);
      const [one, two, unrelated] = await Promise.all(storms.map((storm) => storm.stop()));
      const sent = [...one, ...two];
      // What was on its way when the right came back may be answered either way.
      const during = sent.filter(({ begun, ended }) => begun > answered && ended < restoring);
      expect(during.length).toBeGreaterThan(20);
      expect(during.map(({ answer }) => answer)).toEqual(during.map(() => code));
      const after = sent.filter(({ begun }) => begun > restored);
      expect(after.map(({ answer }) => answer)).toEqual(after.map(() => 'ack'));
      expect(unrelated.filter(({ answer }) => answer !== 'ack')).toEqual([]);
      await expectStored(roomId, sent);
    }
  });

  /** What was acked is stored, what was refused is not, and the room’s numbers have no hole. */
  async function expectStored(roomId: string, sent: readonly Sent[]): Promise<void> {
    const rows = await world.app.rows<{ id: string; rev: number }>(
      'SELECT id, rev FROM messages WHERE roomId = ? ORDER BY rev',
      [roomId],
    );
    const acked = sent.filter(({ answer }) => answer === 'ack').map(({ id }) => id);
    expect(rows.map(({ id }) => id).sort()).toEqual(acked.sort());
    expect(rows.map(({ rev }) => Number(rev))).toEqual(rows.map((_, i) => i + 1));
  }
});

describe('in a storm of rooms', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world?.stop());

  it.each(SWITCHES)(
    '%s keeps who asked for it out of every room begun after its answer',
    async (_, end, _restore, code) => {
      const [ann, bob] = await world.users(2);
      const asked: { readonly begun: number; readonly answer: string }[] = [];
      const storm = { isOver: false };
      const make = async () => {
        while (!storm.isOver) {
          const begun = tick();
          const draft = { name: 'A room', visibility: 'private', memberIds: [ann.id] };
          const { status, body } = await bob.call('POST', '/rooms', draft);
          asked.push({ begun, answer: status === 201 ? 'made' : body.code });
        }
      };
      const until = async (count: number) => {
        while (asked.length < count) await ann.call('GET', '/users/me');
      };
      const loops = Array.from({ length: 4 }, make);
      await until(12);
      await end(ann, bob);
      const answered = tick();
      const { body: before } = await ann.call('GET', '/rooms?limit=100');
      await until(asked.length + 20);
      storm.isOver = true;
      await Promise.all(loops);
      const after = asked.filter(({ begun }) => begun > answered);
      expect(after.length).toBeGreaterThan(8);
      expect(after.map(({ answer }) => answer)).toEqual(after.map(() => code));
      expect(asked.some(({ answer }) => answer === 'made')).toBe(true);
      // None was made after the answer, and so none is there that was not there then.
      expect((await ann.call('GET', '/rooms?limit=100')).body.items.length).toBe(before.items.length);
    },
  );
});
