import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_ACKS } from '../../src/protocol/commands.js';
import { DURABLE_EVENTS, EPHEMERAL_EVENTS, PRIVATE_EVENTS } from '../../src/protocol/events.js';
import { allCommands } from '../../src/realtime/gateways.js';
import { type Json, SchemaCheck, brokenRefs } from '../support/schemas.js';
import type { Frame, TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
let document: Json;
let check: SchemaCheck;

beforeAll(async () => {
  world = await World.create({ LIMIT_CHANGES_GAP: '5', LIMIT_HEARTBEAT_MS: '200', ACCESS_TOKEN_SECONDS: '50' });
  ({ body: document } = await world.call('GET', `${world.app.url}/api/asyncapi.json`));
  check = new SchemaCheck(document);
});

afterAll(() => world?.stop());

/** The message that describes a frame: the answer to a command, or the event of its name. */
function messageOf(frame: Frame, command: string | undefined): string {
  if (frame.event === 'error') return 'error';
  if (frame.event === 'session.ready') return 'session.start.ready';
  return frame.event === 'ack' ? `${command}.ack` : frame.event;
}

function requireNone(frame: object, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${JSON.stringify(frame)}: ${faults.join(', ')}`);
}

/** A socket that remembers which command has which id. */
class Caller {
  readonly commands = new Map<string, string>();

  constructor(readonly socket: TestSocket) {}

  async call(command: string, data: object = {}): Promise<Frame> {
    const id = this.socket.send(command, data);
    this.commands.set(id, command);
    const request = { id, event: command, data };
    const { payload } = document.components.messages[`${command}.command`];
    requireNone(request, check.faultsOf(payload as object, request));
    return this.socket.answerTo(id);
  }

  async start(actor: Actor, start: object = {}): Promise<this> {
    await this.call('session.start', { token: actor.token, ...start });
    await this.socket.next('session.caughtUp');
    return this;
  }

  /** The names of the messages that came, each frame held against its message. */
  seen(): string[] {
    return this.socket.frames.map((frame) => {
      const name = messageOf(frame, this.commands.get(frame.id ?? ''));
      const { payload } = document.components.messages[name] ?? {};
      const faults = payload ? check.faultsOf(payload as object, frame) : ['is not in the document'];
      requireNone(frame, faults);
      return name;
    });
  }
}

const callerOf = async (actor: Actor, start: object = {}) => new Caller(await actor.open()).start(actor, start);

describe('GET /api/asyncapi.json', () => {
  it('is an AsyncAPI 3 document without a reference that leads nowhere', () => {
    expect(document).toMatchObject({
      asyncapi: expect.stringMatching(/^3\.\d\.\d$/),
      info: { title: 'Parley', version: expect.any(String) },
      channels: { socket: { address: '/ws' } },
    });
    expect(brokenRefs(document)).toEqual([]);
    const names = Object.keys(document.components.messages);
    expect(Object.keys(document.channels.socket.messages)).toEqual(names);
    for (const name of names) {
      expect(name).toMatch(/^[\w.-]+$/);
      expect(() => check.faultsOf(document.components.messages[name].payload as object, {})).not.toThrow();
    }
  });

  it('has every command of the gateway with its request and its answer', () => {
    const commands = [...allCommands().keys()];
    expect(commands.sort()).toEqual(Object.keys(COMMAND_ACKS).sort());
    for (const command of commands) {
      const { action, messages, reply } = document.operations[command];
      expect([action, messages.length, reply.messages.length]).toEqual(['receive', 1, 2]);
    }
  });

  it('has every event', () => {
    const events = Object.keys({ ...DURABLE_EVENTS, ...PRIVATE_EVENTS, ...EPHEMERAL_EVENTS, skip: null });
    const sent = Object.values(document.operations as Record<string, Json>)
      .flatMap(({ messages, reply }) => [...messages, ...(reply?.messages ?? [])])
      .map(({ $ref }) => $ref.split('/').at(-1).replace('session.start.ready', 'session.ready') as string);
    expect(events.filter((event) => !sent.includes(event))).toEqual([]);
  });
});

describe('every frame fits the document', () => {
  it('in the life of a room: messages, notices, members, reading', async () => {
    const [ann, bob, cid] = await world.users(3);
    const [owner, member] = [await callerOf(ann), await callerOf(bob, { device: 'Phone', follow: 'all', batch: true })];
    const room = await world.room([ann, bob], { visibility: 'public' });
    await member.socket.next('room.added');
    const sent = { roomId: room.id, id: newUlid(), text: 'hello' };
    expect((await owner.call('message.send', sent)).event).toBe('ack');
    expect((await owner.call('message.send', sent)).data.duplicate).toBe(true);
    await member.socket.next('message.created');
    await member.call('room.read', { roomId: room.id, readSeq: 1, deliveredSeq: 1 });
    await owner.socket.next('receipt');
    await member.call('room.read', { roomId: room.id, readSeq: 0, unread: true });
    await ann.call('PATCH', `/rooms/${room.id}`, { name: 'Park' });
    await ann.call('PUT', `/rooms/${room.id}/members/${bob.id}`, { role: 'admin' });
    await cid.call('POST', `/rooms/${room.id}/join`);
    await cid.call('POST', `/rooms/${room.id}/leave`);
    await bob.call('PATCH', '/users/me', { displayName: 'Bob' });
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    await member.socket.next('room.gone');
    await owner.socket.next('member.removed');
    await owner.call('room.typing', { roomId: room.id, typing: true });
    await owner.call('presence.watch', { userIds: [bob.id] });
    await member.call('presence.set', { state: 'busy', text: 'Reading', emoji: null, expiresAt: null });
    await owner.socket.next('presence');
    await owner.call('presence.unwatch', { userIds: [bob.id] });
    for (const name of ['room.typing.ack', 'presence.watch.ack', 'presence', 'presence.unwatch.ack'])
      expect(owner.seen()).toContain(name);
    expect(member.seen()).toContain('presence.set.ack');
    for (const name of ['message.send.ack', 'message.created', 'room.updated', 'member.left', 'member.updated']) {
      expect(owner.seen()).toContain(name);
    }
    for (const name of ['hello', 'room.added', 'room.read.ack', 'read.updated', 'profile.updated', 'room.gone']) {
      expect(member.seen()).toContain(name);
    }
  });

  it('in every other answer, refusals too', async () => {
    const [ann] = await world.users(1);
    const { id: roomId } = await world.room([ann]);
    const caller = new Caller(await ann.open());
    expect((await caller.call('ping')).data.code).toBe('NOT_STARTED');
    await caller.start(ann, { cursor: { epoch: 'another', userRev: 1, rooms: { [roomId]: 1 } }, open: [roomId] });
    await caller.call('ping');
    await caller.call('session.refresh', { token: ann.token });
    await caller.call('room.open', { roomId });
    await caller.call('room.close', { roomId });
    await caller.call('room.changes', { roomId, since: 0, limit: 1 });
    expect((await caller.call('room.changes', { roomId: newUlid(), since: 0 })).data.code).toBe('NOT_FOUND');
    caller.socket.raw('nonsense');
    caller.socket.raw('{"event":"nonsense"}');
    await caller.socket.next('error', (frame) => frame.data.code === 'UNSUPPORTED_EVENT');
    const acks = ['ping', 'session.refresh', 'room.open', 'room.close', 'room.changes'].map((name) => `${name}.ack`);
    expect(caller.seen()).toEqual(expect.arrayContaining(['session.start.ready', 'error', ...acks]));
  });

  it('in what a server says by itself', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const caller = await callerOf(ann, { follow: 'open' });
    await bob.say(id);
    for (const event of ['room.activity', 'session.expiring', 'heartbeat']) {
      await caller.socket.until(() => caller.socket.of(event).length > 0, event);
    }
    await ann.call('POST', '/auth/logout');
    await caller.socket.closing();
    expect(caller.seen()).toEqual(
      expect.arrayContaining(['room.activity', 'session.expiring', 'heartbeat', 'goodbye']),
    );
  });

  it('in a catch-up: revs without a frame, and a gap that is too large', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const said = await bob.say(id);
    await bob.say(id);
    await world.app.rows('DELETE FROM messages WHERE id = ?', [said.id]);
    const near = await callerOf(ann, { cursor: { rooms: { [id]: said.rev - 1 } }, open: [id] });
    expect(near.seen()).toEqual(expect.arrayContaining(['skip', 'message.created']));
    for (let i = 0; i < 6; i++) await bob.say(id);
    const far = await callerOf(ann, { cursor: { rooms: { [id]: said.rev } }, open: [id] });
    expect(far.seen()).toContain('room.stale');
  });
});
