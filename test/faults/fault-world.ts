import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ServerProcess } from '../support/server.js';
import { type Verdict, check } from './checker.js';
import type { FaultDevice } from './device.js';
import { History } from './history.js';
import { type Mariadb, freePort } from './mariadb.js';
import { Person } from './person.js';
import { Random } from './random.js';
import { callUntilDone } from './rest.js';
import { readStore } from './store.js';

interface Options {
  /** The database's server; SQLite without one. */
  readonly mariadb?: Mariadb;
  /** The port at which the server finds the database, where it is not the database's own. */
  readonly databasePort?: number;
  /** A module that breaks the server, of `bugs/`. */
  readonly bug?: string;
  readonly seed?: number;
  /** Characters of each text, at least. */
  readonly textLength?: number;
  readonly env?: Readonly<Record<string, string>>;
}

let worlds = 0;

/** The built server on a database of its own, people with devices, and the history of all that they do. */
export class FaultWorld {
  readonly history = new History();
  readonly people: Person[] = [];
  readonly rooms: Room[] = [];
  readonly random: Random;
  readonly textLength: number;
  url = '';
  /** How often the server was started. */
  starts = 0;
  private server: ServerProcess | null = null;

  private constructor(
    private readonly folder: string,
    private readonly databaseUrl: string,
    private readonly env: Record<string, string>,
    private readonly options: Options,
  ) {
    this.textLength = options.textLength ?? 0;
    this.random = new Random(options.seed ?? 1);
  }

  static async create(options: Options = {}): Promise<FaultWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-faults-'));
    const name = `faults_${process.pid}_${++worlds}`;
    const databaseUrl = options.mariadb?.urlOf(name) ?? `sqlite:${join(folder, 'parley.db')}`;
    const serverUrl = options.mariadb?.urlOf(name, options.databasePort) ?? databaseUrl;
    const fixed = { DATA_DIR: folder, LIMITS: 'off', LOG_LEVEL: 'error', LIMIT_CONNECTIONS_PER_ADDRESS: '5000' };
    const env = { DATABASE_URL: serverUrl, PORT: String(await freePort()), ...fixed, ...options.env };
    const world = new FaultWorld(folder, databaseUrl, env, options);
    await world.start();
    return world;
  }

  async start(): Promise<void> {
    this.starts++;
    const nodeArgs = this.options.bug
      ? ['--import', new URL(`bugs/${this.options.bug}.mjs`, import.meta.url).href]
      : [];
    this.server = ServerProcess.spawn(this.env, nodeArgs);
    this.url = await this.server.address();
  }

  /** Ends the server at this very moment. */
  async kill(): Promise<void> {
    this.server?.signal('SIGKILL');
    await this.server?.exit();
  }

  get serverPid(): number {
    return this.server?.pid ?? 0;
  }

  /** That many people, each with devices that are connected. */
  async addPeople(count: number, devices: number): Promise<Person[]> {
    const added = await Promise.all(Array.from({ length: count }, () => this.addPerson()));
    await Promise.all(added.map((person) => person.connect(devices)));
    return added;
  }

  /** A room of these people; the first one owns it. */
  async addRoom(members: readonly Person[]): Promise<Room> {
    const [owner, ...others] = members;
    const body = { name: 'A room', visibility: 'private', memberIds: others.map(({ id }) => id) };
    const answer = await callUntilDone(this.url, { method: 'POST', path: '/rooms', token: owner.token, body });
    const room = { id: answer.body.id as string, owner, members };
    this.rooms.push(room);
    return room;
  }

  /** The present connection of every device, to see whether it is still the same. */
  get connections(): number[] {
    return this.devices.map(({ connection }) => connection);
  }

  /** Waits until every device is connected. */
  async connected(): Promise<void> {
    while (!this.devices.every(({ isReady }) => isReady)) await pause(20);
  }

  /** Waits until every device of every member has reached the head, `ms` at most, and counts what is unread. */
  async comeToRest(ms = 60_000): Promise<void> {
    const until = Date.now() + ms;
    for (const { id, members, owner } of this.rooms) {
      const { body } = await callUntilDone(this.url, { method: 'GET', path: `/rooms/${id}`, token: owner.token });
      const devices = members.flatMap((person) => person.devices);
      const isAtRest = () => devices.every((device) => device.hasReached(id, Number(body.headRev)));
      while (!isAtRest() && Date.now() < until) await pause(20);
      for (const person of members) await person.count(id);
    }
  }

  /** Ends all and holds the history against the rows. */
  async end(): Promise<Verdict> {
    for (const device of this.devices) {
      for (const [roomId, { from, rev, ids }] of device.rooms) {
        this.history.copies.push({ device: device.name, roomId, from, rev, ids });
      }
      device.leave();
    }
    const verdict = check(this.history, await readStore(this.databaseUrl));
    await this.stop();
    return verdict;
  }

  async stop(): Promise<void> {
    await this.server?.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get devices(): FaultDevice[] {
    return this.people.flatMap(({ devices }) => devices);
  }

  private async addPerson(): Promise<Person> {
    const body = { displayName: 'Somebody' };
    const answer = await callUntilDone(this.url, { method: 'POST', path: '/auth/guest', body });
    const person = new Person(this, answer.body.user.id as string, answer.body.accessToken as string);
    this.people.push(person);
    return person;
  }
}

export interface Room {
  readonly id: string;
  readonly owner: Person;
  readonly members: readonly Person[];
}
