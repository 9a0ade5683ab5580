import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Json, SchemaCheck } from '../support/schemas.js';
import type { Frame, TestSocket } from '../support/socket.js';
import { type Actor, World } from '../support/world.js';
import { type BadFrame, type Command, commandsOf } from './commands.js';
import { CANARY } from './fields.js';
import { COMMAND_KINDS, type CommandKind, FIELD_KINDS, type FieldKind } from './kinds.js';
import { LogWatch } from './log-watch.js';

/** No command has a field that is one of a format. */
const OF_ROUTES = ['noFormat'];
const CASES = Object.entries({ ...FIELD_KINDS, ...COMMAND_KINDS })
  .map(([name, kind]) => ({ name: name as FieldKind | CommandKind, ...kind }))
  .filter(({ name }) => !OF_ROUTES.includes(name));

let world: World;
let ann: Actor;
let bystander: TestSocket;
let commands: Command[];
let check: SchemaCheck;
let errorFrame: object;
const log = new LogWatch();

beforeAll(async () => {
  world = await World.create({ LIMIT_BAD_FRAMES_PER_MINUTE: '1000000' });
  ann = await world.user();
  bystander = await ann.connect();
  const { body } = await world.call<Json>('GET', `${world.app.url}/api/asyncapi.json`);
  commands = commandsOf(body);
  check = new SchemaCheck(body);
  errorFrame = body.components.messages.error.payload;
});

afterAll(() => world?.stop());
beforeEach(() => log.start());
afterEach(() => vi.restoreAllMocks());

/** A start is sent before the start; `event` and the frame's own faults do not care. */
async function socketFor(command: Command, kind: string): Promise<TestSocket> {
  const isEarly = command.name === 'session.start' || kind === 'notStarted';
  if (!isEarly) return ann.connect();
  const socket = await ann.open();
  await socket.next('hello');
  return socket;
}

/** The one frame that comes back. */
async function answerTo(socket: TestSocket, { text }: BadFrame): Promise<Frame> {
  socket.forget();
  socket.raw(text);
  return socket.until(() => socket.frames[0], `an answer to ${text.slice(0, 200)}`);
}

/** Everything about an answer that is not as it must be, in words. */
async function faultsOf(socket: TestSocket, bad: BadFrame, answer: string): Promise<string[]> {
  const frame = await answerTo(socket, bad);
  const { status, code, errors = [] } = frame.data ?? {};
  if (`${status} ${code}` !== answer) return [`is ${JSON.stringify(frame).slice(0, 200)}`];
  const paths = (errors as Json[]).map(({ path }) => path);
  return [
    ...check.faultsOf(errorFrame, frame),
    ...(JSON.stringify(frame).includes(CANARY) ? ['repeats the input'] : []),
    ...(frame.id === bad.id ? [] : [`has the id ${frame.id}`]),
    ...(bad.at === undefined || paths.includes(bad.at) ? [] : [`names ${paths.join()}, not ${bad.at}`]),
    ...(paths.length <= 10 ? [] : [`has ${paths.length} errors`]),
    ...(socket.closed ? ['closes the socket'] : []),
  ];
}

describe('every command', () => {
  it('is sent, and taken as the bad ones are made of', async () => {
    expect(commands.length).toBeGreaterThanOrEqual(8);
    for (const command of commands) {
      const socket = await socketFor(command, '');
      const { event, data } = await answerTo(socket, command.good);
      expect([
        command.name,
        ['ack', 'UNAUTHORIZED', 'NOT_FOUND'].includes(event === 'ack' ? event : data.code),
        data,
      ]).toEqual([command.name, true, data]);
      await socket.close();
    }
  });

  it.each(CASES)('refuses $name: $sentence', async ({ name, answer }) => {
    let count = 0;
    const faults: string[] = [];
    for (const command of commands) {
      if (name === 'notStarted' && command.name === 'session.start') continue;
      const asked = command.bad(name);
      const socket = asked.length > 0 ? await socketFor(command, name) : null;
      for (const bad of asked) {
        for (const fault of await faultsOf(socket!, bad, answer)) faults.push(`${bad.text.slice(0, 200)} ${fault}`);
      }
      await socket?.close();
      count += asked.length;
    }
    expect(count).toBeGreaterThan(0);
    expect(faults.slice(0, 20).join('\n')).toBe('');
    expect(log.text).not.toContain(CANARY);
    bystander.forget();
    expect([(await bystander.call('ping')).event, bystander.frames.length]).toEqual(['ack', 1]);
  });
});
