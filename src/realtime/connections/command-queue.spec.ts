import { describe, expect, it } from 'vitest';
import { framesIn } from '../../../test/support/wire.js';
import { ChatError } from '../../common/chat-error.js';
import { CommandQueue, type RunningCommand } from './command-queue.js';
import type { Frame } from './frame.js';

/** A queue whose commands run until the test ends them. */
function open(inFlight = 32) {
  const replies: Frame[] = [];
  const pauses: boolean[] = [];
  const running = new Map<string, { command: RunningCommand; end: () => void }>();
  const begun: string[] = [];
  const reader = { hasRoom: true };
  const queue = new CommandQueue({
    run: (command, end) => {
      const id = command.frame.id ?? command.frame.event;
      begun.push(id);
      running.set(id, { command, end });
    },
    reply: (frame) => replies.push(frame),
    pause: (paused) => pauses.push(paused),
    hasRoom: () => reader.hasRoom,
    inFlight,
  });
  const find = (id: string) => {
    const found = running.get(id);
    if (!found) throw new Error(`${id} does not run`);
    return found;
  };
  return {
    queue,
    reader,
    pauses,
    begun,
    send: (id: string) => queue.accept({ id, event: 'message.send', data: {} }),
    other: (id: string) => queue.accept({ id, event: 'room.changes', data: {} }),
    /** Answers a running command and ends it. */
    answer: async (id: string) => {
      find(id).command.reply('ack', { of: id });
      find(id).end();
      await new Promise((resolve) => setImmediate(resolve));
    },
    find,
    answered: () => replies.flatMap(({ bytes }) => framesIn(bytes)).map(({ id }) => id),
    frames: () => replies.flatMap(({ bytes }) => framesIn(bytes)),
  };
}

describe('CommandQueue', () => {
  it('hands sends over without waiting for the one before, and answers in the order of arrival', async () => {
    const { send, begun, answer, answered } = open();
    for (const id of ['a', 'b', 'c']) send(id);
    expect(begun).toEqual(['a', 'b', 'c']);
    await answer('c');
    await answer('b');
    expect(answered()).toEqual([]);
    await answer('a');
    expect(answered()).toEqual(['a', 'b', 'c']);
  });

  it('runs any other command alone: behind the sends before it, in front of those after it', async () => {
    const { send, other, begun, answer, answered } = open();
    send('a');
    send('b');
    other('c');
    send('d');
    other('e');
    expect(begun).toEqual(['a', 'b']);
    await answer('a');
    expect(begun).toEqual(['a', 'b']);
    await answer('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await answer('c');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    await answer('d');
    await answer('e');
    expect(answered()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('waits for the end of a command that is answered before it, as a handshake is', async () => {
    const { other, begun, find, answered } = open();
    other('start');
    other('next');
    find('start').command.reply('session.ready', {});
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered()).toEqual(['start']);
    expect(begun).toEqual(['start']);
    find('start').end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['start', 'next']);
  });

  it('answers each command once, with the first answer', async () => {
    const { send, find, answer, frames } = open();
    send('a');
    find('a').command.fail(new ChatError('NOT_FOUND'));
    await answer('a');
    expect(frames()).toHaveLength(1);
    expect(frames()[0]).toMatchObject({ id: 'a', event: 'error', data: { code: 'NOT_FOUND', status: 404 } });
  });

  it('says nothing of a fault but INTERNAL and a trace id, which it returns', () => {
    const { send, find, frames } = open();
    send('a');
    const traceId = find('a').command.fail(new Error('SELECT secret FROM users'));
    expect(frames()[0].data).toMatchObject({ code: 'INTERNAL', traceId });
    expect(JSON.stringify(frames())).not.toContain('secret');
  });

  it('gives no ack to a command without id, but its error', async () => {
    const { queue, find, frames } = open();
    queue.accept({ event: 'message.send', data: {} });
    find('message.send').command.reply('ack', {});
    find('message.send').end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(frames()).toEqual([]);
    queue.accept({ event: 'room.changes', data: {} });
    find('room.changes').command.fail(new ChatError('FORBIDDEN'));
    expect(frames()).toMatchObject([{ event: 'error', data: { code: 'FORBIDDEN' } }]);
    expect(frames()[0]).not.toHaveProperty('id');
  });

  it('pauses at 32 unanswered commands, takes those that are on their way, and resumes at half', async () => {
    const { send, pauses, begun, answer, answered } = open();
    const ids = Array.from({ length: 40 }, (_, i) => `s${i}`);
    for (const id of ids.slice(0, 31)) send(id);
    expect(pauses).toEqual([]);
    send(ids[31]);
    expect(pauses).toEqual([true]);
    for (const id of ids.slice(32)) send(id);
    expect(begun).toEqual(ids);
    for (const id of ids.slice(0, 23)) await answer(id);
    expect(pauses).toEqual([true]);
    await answer(ids[23]);
    expect(pauses).toEqual([true, false]);
    for (const id of ids.slice(24)) await answer(id);
    expect(answered()).toEqual(ids);
    expect(pauses).toEqual([true, false]);
  });

  it('counts commands that wait for their turn as unanswered', () => {
    const { other, pauses, begun } = open();
    for (let i = 0; i < 32; i++) other(`c${i}`);
    expect(begun).toEqual(['c0']);
    expect(pauses).toEqual([true]);
  });

  it('begins nothing while answers pile up unread, and goes on where it stopped', async () => {
    const { queue, reader, send, other, begun, answer, pauses } = open(4);
    other('a');
    reader.hasRoom = false;
    other('b');
    send('c');
    await answer('a');
    expect(begun).toEqual(['a']);
    for (const id of ['d', 'e']) send(id);
    expect(pauses).toEqual([true]);
    reader.hasRoom = true;
    queue.resume();
    await answer('b');
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('finishes when what runs is answered, drops what waits and takes nothing more', async () => {
    const { queue, send, other, begun, answer, answered } = open();
    send('a');
    send('b');
    other('c');
    send('d');
    let finished = false;
    const finish = queue.finish().then(() => (finished = true));
    send('late');
    await answer('b');
    expect(finished).toBe(false);
    await answer('a');
    await finish;
    expect(begun).toEqual(['a', 'b']);
    expect(answered()).toEqual(['a', 'b']);
  });

  it('finishes at once where nothing runs, also twice', async () => {
    const { queue } = open();
    await Promise.all([queue.finish(), queue.finish()]);
    await expect(queue.finish()).resolves.toBeUndefined();
  });
});
