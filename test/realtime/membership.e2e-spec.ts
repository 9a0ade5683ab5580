import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MessageQueries } from '../../src/messages/message.queries.js';
import { type Actor, World, newUlid } from '../support/world.js';

describe('membership on the socket', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('tells a removed member that the room is gone, and nothing of it any more', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const socket = await bob.connect();
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    expect(await socket.next('room.gone')).toMatchObject({ data: { roomId: room.id, reason: 'removed' } });
    await ann.say(room.id, 'secret');
    await socket.call('ping');
    expect(socket.durable(room.id)).toEqual([]);
    expect((await socket.call('room.changes', { roomId: room.id, since: 0 })).data.code).toBe('NOT_FOUND');
    const send = { roomId: room.id, id: newUlid(), text: 'still here' };
    expect((await socket.call('message.send', send)).data.code).toBe('NOT_FOUND');
    expect((await bob.call('GET', `/rooms/${room.id}/messages`)).status).toBe(404);
    expect((await bob.call('GET', `/rooms/${room.id}`)).status).toBe(404);
  });

  it.each(['over REST', 'on the socket'])('hides what the room became after it, from a pull %s too', async (way) => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const socket = await bob.connect();
    const setTopic = (topic: string) => ann.call('PATCH', `/rooms/${room.id}`, { topic });
    expect((await setTopic('known')).status).toBe(200);
    const pull = async () => {
      if (way === 'over REST') return (await bob.call('GET', `/rooms/${room.id}/changes?since=0`)).body;
      return (await socket.call('room.changes', { roomId: room.id, since: 0 })).data;
    };
    expect(JSON.stringify(await pull())).toContain('"topic":"known"');
    const queries = world.app.get(MessageQueries);
    const oldest = queries.oldest.bind(queries);
    const spy = vi.spyOn(queries, 'oldest').mockImplementationOnce(async (...ask) => {
      const rows = await oldest(...ask);
      expect((await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`)).status).toBe(204);
      expect((await setTopic('sEcReT')).status).toBe(200);
      return rows;
    });
    onTestFinished(() => spy.mockRestore());
    const answer = await pull();
    expect(JSON.stringify(answer)).not.toContain('sEcReT');
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
    expect(JSON.stringify(socket.of('room.updated'))).not.toContain('sEcReT');
  });

  it('brings him back at once when he is added again', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const socket = await bob.connect();
    for (let round = 0; round < 10; round++) {
      await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
      await ann.say(room.id, `away ${round}`);
      await ann.call('PUT', `/rooms/${room.id}/members/${bob.id}`, {});
      await ann.say(room.id, `back ${round}`);
      await socket.next('message.created', (frame) => frame.data.text === `back ${round}`);
    }
    const texts = socket.of('message.created').map((frame) => frame.data.text as string);
    expect(texts.filter((text) => text.startsWith('away'))).toEqual([]);
    expect(texts.filter((text) => text.startsWith('back'))).toHaveLength(10);
  });

  it('lets nothing through after a removal, in 1,000 rounds under load', { timeout: 300_000 }, async () => {
    const [ann, bob, ...writers] = await world.users(4);
    const room = await world.room([ann, bob, ...writers]);
    const victim = await bob.connect();
    const talkers = await Promise.all(writers.map((writer) => writer.connect()));
    const stop = { asked: false };
    const talk = talkers.map(async (talker) => {
      while (!stop.asked) await talker.call('message.send', { roomId: room.id, id: newUlid(), text: 'talk' });
    });
    const faults: string[] = [];
    for (let round = 0; round < 1000; round++) await removeAndAdd(round);
    stop.asked = true;
    await Promise.all(talk);
    expect(faults).toEqual([]);

    async function removeAndAdd(round: number): Promise<void> {
      const own = Array.from({ length: 3 }, () => newUlid());
      for (const id of own) victim.send('message.send', { roomId: room.id, id, text: `mine ${round}` });
      const { status } = await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
      if (status !== 204) faults.push(`round ${round}: not removed, ${status}`);
      const late = newUlid();
      const marker = await ann.say(room.id, `after ${round}`);
      const answer = await victim.call('message.send', { roomId: room.id, id: late, text: 'too late' });
      if (answer.data.code !== 'NOT_FOUND') faults.push(`round ${round}: a late send was answered ${answer.event}`);
      if (victim.frames.some((frame) => frame.data?.id === marker.id)) faults.push(`round ${round}: a message leaked`);
      await checkStored(round, own, late);
      victim.forget();
      await comeBack(ann, round);
    }

    async function checkStored(round: number, own: string[], late: string): Promise<void> {
      const removal = await world.app.rows<{ rev: number }>(
        "SELECT MAX(rev) AS rev FROM messages WHERE roomId = ? AND kind = 'notice'",
        [room.id],
      );
      const marks = [...own, late].map(() => '?').join(', ');
      const rows = await world.app.rows<{ id: string; rev: number }>(
        `SELECT id, rev FROM messages WHERE id IN (${marks}) AND rev > ?`,
        [...own, late, removal[0].rev],
      );
      if (rows.length > 0) faults.push(`round ${round}: ${rows.length} of his were stored after the removal`);
    }

    async function comeBack(owner: Actor, round: number): Promise<void> {
      const { status } = await owner.call('PUT', `/rooms/${room.id}/members/${bob.id}`, {});
      if (status !== 201) faults.push(`round ${round}: not added again, ${status}`);
      await victim.until(() => victim.of('room.added').length > 0, 'room.added');
    }
  });
});

describe('somebody who is added and removed faster than he can be told', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('misses no number, and gets nothing of the room behind its end', async () => {
    const [ann, bob] = await world.users(2);
    const { id: roomId } = await world.room([ann]);
    const sockets = [await bob.connect(), await bob.connect()];
    const path = `/rooms/${roomId}/members/${bob.id}`;
    for (let round = 0; round < 40; round++) {
      const added = ann.call('PUT', path, {});
      // Half of the time the removal meets the joining.
      if (round % 2) await added;
      const removed = await ann.call('DELETE', path);
      await added;
      if (removed.status !== 204) await ann.call('DELETE', path);
    }
    const { userRev } = (await bob.call('GET', '/users/me')).body;
    for (const socket of sockets) {
      const told = () => socket.frames.flatMap((frame) => frame.userRev ?? []);
      await socket.until(() => told().at(-1) === userRev, 'the last number');
      expect(told()).toEqual(Array.from({ length: userRev }, (_, i) => i + 1));
      expect(socket.of('user.stale')).toEqual([]);
      const names = socket.frames.filter(({ userRev: rev }) => rev !== undefined).map(({ event }) => event);
      expect(names.filter((name) => !['room.added', 'room.gone', 'user.skip'].includes(name))).toEqual([]);
    }
  });
});
