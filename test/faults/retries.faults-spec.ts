import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultWorld } from './fault-world.js';
import { Mariadb } from './mariadb.js';
import { newUlid } from '../support/world.js';
import { isFull } from './size.js';
import { tell } from './tell.js';

const MESSAGES = isFull ? 3000 : 600;
const AT_A_TIME = 30;

/** P3: one message for one id, however often, when and over which transport it is sent. */
describe('duplicate and late retries', () => {
  let mariadb: Mariadb;
  beforeAll(async () => {
    mariadb = await Mariadb.create();
  });
  afterAll(() => mariadb.drop());

  it.each(['SQLite', 'MariaDB'])('store a message once on %s', async (engine) => {
    const world = await FaultWorld.create(engine === 'MariaDB' ? { mariadb } : {});
    const people = await world.addPeople(4, 2);
    await world.addRoom(people);
    const late: (() => Promise<unknown>)[] = [];
    for (let sent = 0; sent < MESSAGES; sent += AT_A_TIME) {
      if (sent % (MESSAGES / 3) === 0) await restart(world);
      await Promise.all(Array.from({ length: AT_A_TIME }, () => sendOften(world, late)));
    }
    await restart(world);
    await Promise.all(late.map((again) => again()));
    await world.comeToRest();
    tell(`retries on ${engine}`, world, MESSAGES);
    expect(await world.end()).toEqual({});
  });

  /** The same message three times at once, over sockets and REST, and once more much later. */
  async function sendOften(world: FaultWorld, late: (() => Promise<unknown>)[]): Promise<void> {
    const person = world.random.pick(world.people);
    const message = { roomId: world.rooms[0].id, id: newUlid(), text: newUlid() };
    const attempts = [person.attempt(message, 'socket'), person.attempt(message, 'rest'), person.attempt(message)];
    await Promise.all(attempts);
    late.push(() => person.attempt(message, 'rest'));
  }

  /** So that nothing is known from memory. */
  async function restart(world: FaultWorld): Promise<void> {
    await world.kill();
    await world.start();
    await world.connected();
  }
});
