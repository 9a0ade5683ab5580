import { describe, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { newUlid } from '../support/world.js';
import { FaultWorld } from './fault-world.js';
import { Load } from './load.js';
import type { Person } from './person.js';
import { tell } from './tell.js';

const CROWD = 2000;
const MISSED = 20;
const ROOM_SIZE = 100;
/** Frames of other devices while one does not read: some megabytes each. */
const UNREAD = 12_000;

describe('many clients, and slow ones', () => {
  it('a client that stops reading is told where it stands when it reads on, and catches up', async () => {
    const world = await FaultWorld.create({ textLength: 12_000 });
    const people = await world.addPeople(6, 2);
    await world.addRoom(people);
    const load = Load.of(world, { window: 4, pauseMs: 5 });
    const slow = people[1].devices[0];
    for (let round = 0; round < 3; round++) {
      slow.stopReading();
      await more(world, UNREAD);
      slow.readOn();
      await pause(500);
    }
    await load.stop();
    await world.comeToRest();
    tell('a client that stops reading', world, 3);
    // What had to wait for it was let go, so it had to pull.
    expect(world.history.told.some(({ kind, device }) => kind === 'pulled' && device === slow.name)).toBe(true);
    expect(await world.end()).toEqual({});
  });

  it(`${CROWD} clients are dropped at once, miss ${MISSED} messages and catch up`, async () => {
    const world = await FaultWorld.create();
    const people = await inParts(world);
    for (let i = 0; i < people.length; i += ROOM_SIZE) await world.addRoom(people.slice(i, i + ROOM_SIZE));
    await world.comeToRest();
    for (const { devices } of people) for (const device of devices) device.goAway();
    for (const { owner, id } of world.rooms) await missed(owner, id);
    for (const { devices } of people) for (const device of devices) device.comeBack();
    await world.comeToRest();
    tell(`${CROWD} clients dropped at once`, world, CROWD);
    expect(await world.end()).toEqual({});
  });

  /** Until so many more frames have come, however fast the machine is; half a minute at most. */
  async function more({ history }: FaultWorld, count: number): Promise<void> {
    const enough = history.told.length + count;
    for (let waited = 0; history.told.length < enough && waited < 30_000; waited += 50) await pause(50);
  }

  /** He has no socket either, so they go over REST. */
  async function missed(owner: Person, roomId: string): Promise<void> {
    for (let i = 0; i < MISSED; i++) await owner.attempt({ roomId, id: newUlid(), text: newUlid() }, 'rest');
  }

  /** A hundred at a time, as nobody's clients all come in the same millisecond. */
  async function inParts(world: FaultWorld) {
    for (let i = 0; i < CROWD; i += 100) await world.addPeople(100, 1);
    return world.people;
  }
});
