import { setTimeout as pause } from 'node:timers/promises';
import type { FaultWorld, Room } from './fault-world.js';
import type { Person } from './person.js';

interface Pace {
  /** Sends of each person that are on their way at a time. */
  readonly window: number;
  /** Milliseconds between an answer and the next send, at most. */
  readonly pauseMs: number;
  /** The share of messages that are sent again after their ack. */
  readonly again: number;
}

const USUAL: Pace = { window: 2, pauseMs: 40, again: 0.05 };
const LOOK_MS = 60;
/** Milliseconds for which somebody stays a member between two removals, at most. */
const MEMBER_MS = 100;

/** People who talk, read and look, until `stop`. */
export class Load {
  private isStopped = false;
  private readonly running: Promise<void>[] = [];

  constructor(private readonly world: FaultWorld) {}

  /** Everybody of every room talks, and some of them look at their rooms over REST. */
  static of(world: FaultWorld, pace: Partial<Pace> = {}): Load {
    const load = new Load(world);
    for (const person of world.people) {
      const rooms = world.rooms.filter(({ members }) => members.includes(person));
      for (let i = 0; i < (pace.window ?? USUAL.window); i++)
        load.add(() => load.talk(person, rooms, { ...USUAL, ...pace }));
    }
    load.add(() => load.look());
    return load;
  }

  /** Removes members and adds them again, one after the other in each room, until `stop`. Owners stay. */
  static removals(world: FaultWorld, rooms: readonly Room[], victims: (room: Room) => readonly Person[]): Load {
    const load = new Load(world);
    for (const room of rooms) load.add(() => load.removeAndAdd(room, victims(room)));
    return load;
  }

  /** Runs one more thing until `stop`, again and again. */
  add(once: () => Promise<void>): void {
    const run = async () => {
      while (!this.isStopped) await once();
    };
    this.running.push(run());
  }

  /** Resolves when everything that was begun has its end. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running);
  }

  private async talk(person: Person, rooms: readonly Room[], pace: Pace): Promise<void> {
    const { random } = this.world;
    await person.send(random.pick(rooms).id, random.chance(pace.again) ? 1 : 0);
    await pause(random.next() * pace.pauseMs);
  }

  private async look(): Promise<void> {
    const { random } = this.world;
    const room = random.pick(this.world.rooms);
    const person = random.pick(room.members);
    const headSeq = await person.count(room.id);
    if (headSeq > 0 && random.chance(0.3)) await person.read(room.id, random.between(0, headSeq + 1));
    await person.look(room.id);
    await pause(random.next() * LOOK_MS);
  }

  private async removeAndAdd(room: Room, victims: readonly Person[]): Promise<void> {
    const { random } = this.world;
    const victim = random.pick(victims);
    await room.owner.move('removed', room.id, victim.id);
    // What he tries now comes after his removal for certain.
    await Promise.all([victim.send(room.id), victim.look(room.id), random.pick(room.members).send(room.id)]);
    await room.owner.move('added', room.id, victim.id);
    // As long a member as not, or whatever is kept of members would nearly always be without him.
    await pause(random.next() * MEMBER_MS);
  }
}
