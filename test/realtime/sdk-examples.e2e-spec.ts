import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { SocketClass } from '../../sdk/socket.js';
import type { TestDatabase } from '../support/engine.js';
import { ServerProcess, serverEnv } from '../support/server.js';

/** A built example as a process of its own. */
class Example {
  output = '';
  private readonly child: ChildProcess;

  constructor(name: string, ...args: string[]) {
    this.child = spawn(process.execPath, [`dist/sdk/examples/${name}.js`, ...args]);
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  say(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  async prints(text: string): Promise<void> {
    await vi.waitUntil(() => this.output.includes(text) || this.child.exitCode !== null, { timeout: 20_000 });
    if (!this.output.includes(text)) throw new Error(`"${text}" was not printed: ${this.output}`);
  }

  exit(): Promise<number | null> {
    return new Promise((done) =>
      this.child.exitCode === null ? this.child.once('exit', done) : done(this.child.exitCode),
    );
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}

describe('the examples of the SDK', () => {
  let env: Record<string, string>;
  let database: TestDatabase;
  let server: ServerProcess;
  let url: string;
  const running: { end(): void }[] = [];

  beforeAll(async () => {
    ({ env, database } = await serverEnv());
    server = ServerProcess.spawn(env);
    url = await server.address();
    env.PORT = new URL(url).port;
  });
  afterEach(() => running.splice(0).forEach((one) => one.end()));
  afterAll(async () => {
    await server.end();
    await database.drop();
  });

  const run = (name: string, ...args: string[]): Example => {
    const example = new Example(name, ...args);
    running.push(example);
    return example;
  };
  async function enter(name: string): Promise<ParleyClient> {
    const client = new ParleyClient({ url, webSocket: WebSocket as unknown as SocketClass });
    running.push({ end: () => client.close() });
    await client.rest.guest(name);
    await client.connect();
    return client;
  }

  it('the bot rolls dice for who asks, and for nobody else', async () => {
    const bot = run('bot', url, 'Casino');
    await bot.prints('rolling in Casino');
    const ann = await enter('Ann');
    const { id } = await ann.rest.join((await ann.rest.publicRooms('Casino')).items[0].id);
    const answers: (string | null)[] = [];
    ann.on('message', ({ message }) => message.senderId !== ann.user!.id && message.text && answers.push(message.text));
    await ann.send(id, 'hello').acked;
    const asked = await ann.send(id, '!roll 3d6').acked;
    await vi.waitUntil(() => answers.length > 0, { timeout: 20_000 });
    expect(answers).toEqual([expect.stringMatching(/^[1-6] \+ [1-6] \+ [1-6] = \d+$/)]);
    expect((await ann.rest.replies(asked.id)).items).toMatchObject([{ text: answers[0] }]);
  });

  it('the terminal client talks, shows history, and goes on when the server was killed', async () => {
    const ann = await enter('Ann');
    const { id } = await ann.rest.createRoom({ name: 'Kitchen', visibility: 'public' });
    await ann.send(id, 'from before').acked;
    const terminal = run('terminal', url, 'Ted');
    await terminal.prints('you are Ted');
    terminal.say('/join Kitchen');
    await terminal.prints('— Kitchen —');
    await terminal.prints('Ann: from before');
    const heard: (string | null)[] = [];
    ann.on('message', ({ message }) => heard.push(message.text));
    terminal.say('hello from the terminal');
    await vi.waitUntil(() => heard.includes('hello from the terminal'), { timeout: 20_000 });
    server.signal('SIGKILL');
    await server.exit();
    await terminal.prints('* away');
    terminal.say('written in the dark');
    server = ServerProcess.spawn(env);
    await server.address();
    await vi.waitUntil(() => heard.includes('written in the dark'), { timeout: 40_000 });
    await ann.send(id, 'there you are').acked;
    await terminal.prints('Ann: there you are');
    expect(terminal.output.split('Ted: written in the dark')).toHaveLength(2);
    terminal.say('/quit');
    expect(await terminal.exit()).toBe(0);
  });
});
