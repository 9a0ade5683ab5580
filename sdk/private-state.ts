import type { Events } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import type { MeView, SyncView } from '../src/protocol/views.js';
import { type ParleyError, toParleyError } from './errors.js';
import type { PeopleBook, PeopleLists } from './people-book.js';
import type { RoomBook } from './room-book.js';

/** What private state needs and tells. */
export interface PrivateHooks {
  /** `GET /sync`, one page. */
  fetchSync(cursor?: string): Promise<SyncView>;
  /** Friends, requests and blocks; null where this client does not keep them. */
  fetchPeople(): Promise<PeopleLists | null>;
  /** Any of them is different. */
  people(): void;
  /** A read mark moved, on this or another device of the user. */
  read(read: Events['read.updated']): void;
  profile(user: MeView): void;
  gone(gone: Events['room.gone']): void;
  /** All private state is known and current. */
  settled(): void;
  error(error: ParleyError): void;
}

/** Before a `GET /sync` that failed is tried again, in milliseconds. */
const AGAIN_MS = 2000;

/**
 * The user's private state: his rooms, read marks and people, in `userRev` order. It has no replay, so a hole in that order is
 * healed by reading all of it. Events that come while that is read wait, and those above what was read are applied.
 */
export class PrivateState {
  #rev: number | null = null;
  #held: ServerFrame[] = [];
  #isReading = false;
  #mustRead = false;
  #isUp = false;
  #session = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly book: RoomBook,
    private readonly people: PeopleBook,
    private readonly hooks: PrivateHooks,
  ) {}

  /** Everything up to here has been applied; null before the first `GET /sync`. */
  get userRev(): number | null {
    return this.#rev;
  }

  /** A session has begun, and the user's state is at this rev. Reads it, where it is not what is here. */
  ready(userRev: number): void {
    this.#isUp = true;
    this.#session++;
    this.#held = [];
    if (this.#rev === userRev) this.hooks.settled();
    else this.refetch();
  }

  /** The connection is gone. */
  down(): void {
    this.#isUp = false;
    this.#mustRead = false;
    clearTimeout(this.#again);
  }

  /** Forgets everything, for another user. */
  clear(): void {
    this.down();
    this.people.clear();
    this.#rev = null;
  }

  /** A frame with a `userRev`, or `user.stale`. */
  receive(frame: ServerFrame): void {
    if (frame.event === 'user.stale') {
      if (((frame.data as Events['user.stale']).userRev ?? 0) > (this.#rev ?? -1)) this.refetch();
      return;
    }
    if (this.#isReading || this.#mustRead || this.#rev === null) this.#held.push(frame);
    else this.#take(frame);
  }

  /** Reads all private state again. A reading that is under way may be too old, so another one follows it. */
  refetch(): void {
    this.#mustRead = true;
    if (!this.#isReading) void this.#read();
  }

  #take(frame: ServerFrame): void {
    const userRev = frame.userRev ?? 0;
    if (this.#rev === null || userRev <= this.#rev) return;
    if (userRev > this.#rev + 1) {
      this.#held.push(frame);
      return this.refetch();
    }
    this.#rev = userRev;
    this.#apply(frame);
  }

  #apply(frame: ServerFrame): void {
    const { event, data } = frame;
    if (this.people.apply(frame)) this.hooks.people();
    if (event === 'room.added') this.book.show(data as Events['room.added']);
    if (event === 'room.gone') {
      const gone = data as Events['room.gone'];
      this.book.remove(gone.roomId);
      this.hooks.gone(gone);
    }
    if (event === 'membership.updated') this.book.amend(data as Events['membership.updated']);
    if (event === 'read.updated') this.hooks.read(data as Events['read.updated']);
    if (event === 'profile.updated') this.hooks.profile(data as MeView);
  }

  async #read(): Promise<void> {
    clearTimeout(this.#again);
    this.#isReading = true;
    this.#mustRead = false;
    const session = this.#session;
    try {
      const pages = await this.#fetchAll();
      const people = await this.hooks.fetchPeople();
      // What was asked for before a reconnect may be older than what `session.ready` has told since.
      if (this.#isUp && session === this.#session) this.#adopt(pages, people);
    } catch (thrown) {
      const error = toParleyError(thrown);
      if (error.code !== 'OFFLINE') this.hooks.error(error);
      this.#mustRead = this.#isUp;
      if (this.#isUp) this.#again = setTimeout(() => void this.#read(), error.retryAfterMs ?? AGAIN_MS);
      return;
    } finally {
      this.#isReading = false;
    }
    if (this.#mustRead) void this.#read();
    else if (this.#isUp) this.hooks.settled();
  }

  async #fetchAll(): Promise<SyncView[]> {
    const pages: SyncView[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.hooks.fetchSync(cursor);
      pages.push(page);
      if (page.next === null) return pages;
      cursor = page.next;
    }
  }

  /** The first page's `userRev` counts: what is read later may know more, and what it knows comes as events as well. */
  #adopt(pages: readonly SyncView[], people: PeopleLists | null): void {
    if (people) this.people.adopt(people);
    if (people) this.hooks.people();
    const rooms = pages.flatMap((page) => page.rooms);
    for (const room of rooms) this.book.show(room);
    this.book.keepOnly(new Set(rooms.map((room) => room.id)));
    this.#rev = pages[0]?.userRev ?? 0;
    const held = this.#held.sort((a, b) => (a.userRev ?? 0) - (b.userRev ?? 0));
    this.#held = [];
    for (const frame of held) this.#take(frame);
  }
}
