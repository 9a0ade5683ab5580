import { memoryStore } from '../../../sdk/tokens.js';
import type { RestApi } from '../../../sdk/rest.js';
import type { PresenceView, SyncView } from '../../../src/protocol/views.js';
import { fetchPeople } from '../../../sdk/people-book.js';
import { type Picture, WalkDevice, pictureOf } from './walk-device.js';

/** Users in one question. */
const LOOKUP = 100;

/** Somebody with several devices of one login. */
export class Walker {
  private constructor(
    readonly id: string,
    /** Asks and acts, and keeps nothing. */
    readonly rest: RestApi,
    readonly devices: readonly WalkDevice[],
  ) {}

  static async enter(url: string, devices: number): Promise<Walker> {
    const login = memoryStore();
    const { rest } = new WalkDevice(url, login).client;
    const { id } = await rest.guest();
    const walker = new Walker(
      id,
      rest,
      Array.from({ length: devices }, () => new WalkDevice(url, login)),
    );
    // One after the other: each renews the login that they share.
    for (const { client } of walker.devices) await client.connect();
    return walker;
  }

  /** What a fresh `GET /sync` and fresh lists say. */
  async truth(): Promise<Picture> {
    const people = await fetchPeople(this.rest.friends);
    return pictureOf(await this.sync(), people, await this.seen(people.friends.map(({ id }) => id)));
  }

  leave(): void {
    for (const { client } of this.devices) client.close();
  }

  private async seen(ids: readonly string[]): Promise<PresenceView[]> {
    const seen: PresenceView[] = [];
    for (let i = 0; i < ids.length; i += LOOKUP) seen.push(...(await this.rest.presence(ids.slice(i, i + LOOKUP))));
    return seen;
  }

  private async sync(): Promise<SyncView[]> {
    const pages: SyncView[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.rest.sync(cursor);
      pages.push(page);
      if (page.next === null) return pages;
      cursor = page.next;
    }
  }
}
