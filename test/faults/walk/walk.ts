import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../random.js';
import { type Ground, takeStep } from './steps.js';
import type { Picture } from './walk-device.js';
import { Walker } from './walker.js';

/** How long it may take until all is quiet, after the last step. */
const QUIET_MS = 30_000;
const LOOK_MS = 250;
/** Steps that are under way at a time. */
const AT_ONCE = 6;
/** Comings that are under way at a time. */
const ENTER_AT_ONCE = 4;

/** Somebody's device that shows something else than a fresh answer says. */
export interface Mismatch {
  readonly device: string;
  readonly shown: unknown;
  readonly fresh: unknown;
}

/** People who do this and that at random, and a comparison of what their devices show with the truth. */
export class Walk {
  /** Steps that were allowed. */
  taken = 0;

  private constructor(
    private readonly ground: Ground & { readonly roomIds: string[] },
    readonly walkers: readonly Walker[],
  ) {}

  static async begin(
    url: string,
    size: { people: number; devices: number; rooms: number; seed: number },
  ): Promise<Walk> {
    const walkers: Walker[] = [];
    while (walkers.length < size.people) {
      const coming = Math.min(ENTER_AT_ONCE, size.people - walkers.length);
      walkers.push(...(await Promise.all(Array.from({ length: coming }, () => Walker.enter(url, size.devices)))));
    }
    const random = new Random(size.seed);
    const walk = new Walk({ random, walkers, roomIds: [] }, walkers);
    for (let i = 0; i < size.rooms; i++) await walk.openRoom(i);
    return walk;
  }

  /** That many steps, some of them at once. */
  async take(steps: number): Promise<void> {
    let left = steps;
    const walking = async (): Promise<void> => {
      while (left-- > 0) if (await takeStep(this.ground)) this.taken++;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, walking));
  }

  /** Waits until nothing moves any more, and returns what is then not as a fresh answer has it. */
  async quietMismatches(): Promise<Mismatch[]> {
    const until = Date.now() + QUIET_MS;
    let restless = this.walkers;
    let mismatches: Mismatch[] = [];
    while (restless.length > 0) {
      const found = await this.compare(restless);
      mismatches = [...found.values()].flat();
      restless = [...found.keys()];
      if (Date.now() > until) break;
      if (restless.length > 0) await pause(LOOK_MS);
    }
    return mismatches;
  }

  /** Reads afresh that devices made while they were online. */
  get freshReads(): string[] {
    return this.walkers.flatMap(({ devices }) => devices).flatMap((device) => device.freshReads);
  }

  end(): void {
    for (const walker of this.walkers) walker.leave();
  }

  private async openRoom(index: number): Promise<void> {
    const { random, roomIds } = this.ground;
    const visibility = index % 4 === 0 ? 'private' : 'public';
    const memberIds = Array.from({ length: 5 }, () => random.pick(this.walkers).id);
    const { id } = await random
      .pick(this.walkers)
      .rest.createRoom({ name: `Room ${index}`, visibility, memberIds: [...new Set(memberIds)] });
    roomIds.push(id);
  }

  /** Those whose devices do not all show the truth, with what they show. */
  private async compare(walkers: readonly Walker[]): Promise<Map<Walker, Mismatch[]>> {
    const found = new Map<Walker, Mismatch[]>();
    for (const walker of walkers) {
      const mismatches = differences(walker, await walker.truth());
      if (mismatches.length > 0) found.set(walker, mismatches);
    }
    return found;
  }
}

function differences({ id, devices }: Walker, fresh: Picture): Mismatch[] {
  return devices.flatMap((device, i) => {
    const shown = device.picture();
    if (device.client.isOnline && isDeepStrictEqual(shown, fresh)) return [];
    const keys = [...new Set([...Object.keys(shown), ...Object.keys(fresh)])];
    const wrong = keys.filter((key) => !isDeepStrictEqual(shown[key], fresh[key]));
    const name = `${id}/${i}${device.client.isOnline ? '' : ' (not online)'}`;
    return [{ device: name, shown: wrong.map((key) => shown[key]), fresh: wrong.map((key) => fresh[key]) }];
  });
}
