import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseWire } from '../support/database-wire.js';
import { newUlid } from '../support/world.js';
import { FaultWorld } from './fault-world.js';
import { Load } from './load.js';
import { Mariadb } from './mariadb.js';
import { isFull } from './size.js';
import { tell } from './tell.js';

const KILLS = isFull ? 25 : 3;
/** Two seconds are promised for an answer and five for the first ack (P16); a busy machine gets a little more. */
const REFUSED_MS = 2000 + 1000;
const BACK_MS = 5000 + 2500;
const AS_PROMISED = { isInTime: true, isBackInTime: true, lost: 0, verdict: {} };
const RETURNS = isFull ? [3000, 30_000] : [3000];

describe('a database that goes away', () => {
  let mariadb: Mariadb;
  let wire: DatabaseWire;
  beforeAll(async () => {
    mariadb = await Mariadb.create();
    wire = new DatabaseWire(mariadb.urlOf('any'));
    await wire.mend();
  });
  afterEach(() => wire.passAtOnce());
  afterAll(async () => {
    await wire.cut();
    await mariadb.drop();
  });

  async function begin(databasePort?: number): Promise<{ world: FaultWorld; load: Load }> {
    const world = await FaultWorld.create({ mariadb, databasePort });
    const people = await world.addPeople(6, 2);
    for (let i = 0; i < 3; i++) await world.addRoom(people.slice(i, i + 4));
    return { world, load: Load.of(world) };
  }

  async function finish(what: string, { world, load }: { world: FaultWorld; load: Load }, faults: number) {
    await pause(500);
    await load.stop();
    await world.comeToRest();
    tell(what, world, faults);
    return world.end();
  }

  it('loses nothing when MariaDB is killed under load', async () => {
    const scene = await begin();
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(scene.world.random.between(300, 1500));
      await mariadb.kill();
      await mariadb.start();
    }
    expect(await finish('kill -9 of MariaDB', scene, KILLS)).toEqual({});
  });

  it('loses nothing when MariaDB and the server are killed together', async () => {
    const scene = await begin();
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(scene.world.random.between(300, 1500));
      await Promise.all([mariadb.kill(), scene.world.kill()]);
      await mariadb.start();
      await scene.world.start();
    }
    expect(await finish('kill -9 of both', scene, KILLS)).toEqual({});
  });

  interface Stay {
    readonly leave: () => unknown;
    readonly back: () => unknown;
    readonly ms: number;
  }

  /** Everybody's sockets hold, every send is answered in time, and the first ack comes soon after the return. */
  async function stay({ leave, back, ms }: Stay) {
    const scene = await begin();
    const { world } = scene;
    await pause(1000);
    const before = world.connections;
    await leave();
    const slowestMs = await slowest(world, ms);
    await back();
    const returned = performance.now();
    await world.people[0].send(world.rooms[0].id);
    const firstAckMs = performance.now() - returned;
    const lost = world.connections.filter((connection, i) => connection !== before[i]).length;
    const said = `slowest answer ${Math.round(slowestMs)} ms, first ack ${Math.round(firstAckMs)} ms after its return`;
    const verdict = await finish(`database away for ${ms} ms (${said})`, scene, 1);
    return { isInTime: slowestMs < REFUSED_MS, isBackInTime: firstAckMs < BACK_MS, lost, verdict };
  }

  /** The longest time in milliseconds that a send of the next `ms` waits for its answer, whatever that is. */
  async function slowest(world: FaultWorld, ms: number): Promise<number> {
    const [room] = world.rooms;
    const until = performance.now() + ms;
    const waits: Promise<number>[] = [];
    while (performance.now() < until) {
      const begun = performance.now();
      const message = { roomId: room.id, id: newUlid(), text: newUlid() };
      waits.push(room.members[1].attempt(message).then(() => performance.now() - begun));
      await pause(100);
    }
    return Math.max(...(await Promise.all(waits)));
  }

  it.each(RETURNS)('goes on when MariaDB stands still for %i ms', async (ms) => {
    const away = { leave: () => mariadb.freeze(), back: () => mariadb.thaw(), ms };
    expect(await stay(away)).toEqual(AS_PROMISED);
  });

  it.each(RETURNS)('goes on when MariaDB was killed and comes back after %i ms', async (ms) => {
    const away = { leave: () => mariadb.kill(), back: () => mariadb.start(), ms };
    expect(await stay(away)).toEqual(AS_PROMISED);
  });

  it('keeps every promise with a database that answers 200 ms late', async () => {
    const scene = await begin(Number(new URL(wire.url).port));
    wire.delay(100);
    await pause(isFull ? 30_000 : 6000);
    expect(await finish('a database that answers 200 ms late', scene, 1)).toEqual({});
  });
});
