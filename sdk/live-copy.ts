import type { SessionReady, SessionStart } from '../src/protocol/commands.js';
import type { Problem } from '../src/protocol/errors.js';
import type { Events, MemberChange } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import type { MeView, MessageView } from '../src/protocol/views.js';
import type { ClientCursor, ClientEvents, ClientOptions } from './client-types.js';
import { ParleyError } from './errors.js';
import type { Emitter } from './events.js';
import type { Link } from './link.js';
import { PeopleBook, fetchPeople } from './people-book.js';
import { PresenceBook } from './presence-book.js';
import { PrivateState } from './private-state.js';
import { DeliveryMarks } from './delivery-marks.js';
import { ReadMarks } from './read-marks.js';
import { ReceiptsBook } from './receipts-book.js';
import type { RestApi } from './rest.js';
import { RoomBook } from './room-book.js';
import type { RoomState } from './room-state.js';
import { TypingBook } from './typing-book.js';

/** What the copy is kept with. */
export interface CopySources {
  readonly link: Pick<Link, 'request' | 'isUp'>;
  readonly rest: Pick<RestApi, 'sync' | 'messages' | 'receipts' | 'friends'>;
  readonly emitter: Emitter<ClientEvents>;
}

const DEFAULT_KEEP = 2000;

/** Everything that this client knows of the server's state, kept true by frames, pulls and `GET /sync`. */
export class LiveCopy {
  readonly book: RoomBook;
  readonly marks: ReadMarks;
  readonly presence: PresenceBook;
  readonly people = new PeopleBook();
  readonly receipts: ReceiptsBook;
  readonly typing = new TypingBook((news) => this.#emit('typing', news));
  user: MeView | null = null;
  readonly #delivered: DeliveryMarks;
  readonly #personal: PrivateState;
  readonly #loading = new Map<string, Promise<boolean>>();
  #epoch: string | undefined;

  /** @param settled called when, after `ready`, the user's rooms are known */
  constructor(
    private readonly sources: CopySources,
    {
      cursor,
      keep = DEFAULT_KEEP,
      follow = 'all',
      people = false,
    }: Pick<ClientOptions, 'cursor' | 'keep' | 'follow' | 'people'>,
    settled: () => void,
  ) {
    const { link, rest } = sources;
    const error = (fault: ParleyError): void => this.#emit('error', fault);
    this.book = this.#createBook({ keep, follow });
    this.marks = new ReadMarks(link, { room: (roomId) => this.book.rooms.get(roomId), error });
    this.#delivered = new DeliveryMarks(link);
    this.receipts = new ReceiptsBook({
      fetch: (roomId) => rest.receipts(roomId),
      changed: (roomId) => this.#emit('receipts', { roomId }),
      error,
    });
    this.presence = new PresenceBook(link, (items) => this.#emit('presence', items));
    this.#personal = new PrivateState(this.book, this.people, {
      fetchSync: (page) => rest.sync(page),
      fetchPeople: async () => (people ? fetchPeople(rest.friends) : null),
      people: () => this.#emit('people', this.people),
      read: ({ roomId, ...read }) => this.book.rooms.get(roomId)?.applyRead(read),
      profile: (user) => this.#setUser(user),
      gone: (gone) => this.#onGone(gone),
      settled,
      error,
    });
    this.#epoch = cursor?.epoch;
    this.book.resume(cursor?.rooms ?? {});
  }

  /** Where this copy stands; null before the first session. */
  cursor(): ClientCursor | null {
    return this.#epoch === undefined ? null : { epoch: this.#epoch, rooms: this.book.positions() };
  }

  /** The same for the start of a session, within the limits that the server told. */
  position(limits: Events['hello']['limits']): Pick<SessionStart, 'cursor' | 'open' | 'watch'> {
    this.book.bound(limits);
    return { cursor: this.cursor() ?? undefined, open: this.book.startRooms(), ...this.presence.position() };
  }

  /** A session has begun. */
  ready(ready: SessionReady): void {
    if (this.user && this.user.id !== ready.user.id) this.clear();
    this.#epoch = ready.epoch;
    this.#setUser(ready.user);
    this.presence.ready();
    this.book.ready(ready);
    this.#personal.ready(ready.userRev);
    this.marks.resume();
  }

  /** Any frame of the session that is not an answer. */
  receive(frame: ServerFrame): void {
    if (frame.event === 'session.caughtUp') void this.#onCaughtUp();
    else if (frame.userRev !== undefined || frame.event === 'user.stale') this.#personal.receive(frame);
    else if (frame.event === 'presence') this.presence.receive(frame.data as Events['presence']);
    else if (frame.event === 'typing' || frame.event === 'receipt') this.#tellAside(frame);
    else if (isOfRoom(frame)) this.book.receive(frame);
    else if (frame.event === 'error') this.#emit('error', ParleyError.of(frame.data as Problem));
  }

  /** The connection is gone; what is here stays, and is caught up later. */
  down(): void {
    this.book.down();
    this.#personal.down();
    this.#delivered.clear();
    this.typing.clear();
  }

  /** Forgets everything, for another user. */
  clear(): void {
    this.user = null;
    this.#epoch = undefined;
    this.book.clear();
    this.marks.clear();
    this.presence.clear();
    this.#personal.clear();
    this.receipts.forget();
    this.#delivered.clear();
    this.typing.clear();
  }

  /** The user looks at this room. */
  open(roomId: string): void {
    this.book.open(roomId);
    if (this.sources.link.isUp) void this.receipts.load(roomId);
  }

  /** Loads a page of history below what is loaded of a room; one at a time. Says whether more lies below it. */
  loadOlder(roomId: string, limit?: number): Promise<boolean> {
    const running =
      this.#loading.get(roomId) ?? this.#loadPage(roomId, limit).finally(() => this.#loading.delete(roomId));
    this.#loading.set(roomId, running);
    return running;
  }

  async #loadPage(roomId: string, limit?: number): Promise<boolean> {
    const room = this.book.rooms.get(roomId);
    if (!room || room.isComplete) return false;
    await room.loadBelow(async (before) => {
      const page = await this.sources.rest.messages(roomId, { before, limit });
      return { page: page.items, isFirst: (page.prev ?? null) === null };
    });
    return !room.isComplete;
  }

  /** Receipts of open rooms may have been missed: they are read one after the other, not in one burst. */
  async #onCaughtUp(): Promise<void> {
    this.book.caughtUp();
    for (const roomId of this.book.openRooms) await this.receipts.load(roomId);
  }

  #onGone(gone: Events['room.gone']): void {
    this.receipts.forget(gone.roomId);
    this.#emit('gone', gone);
  }

  #tellAside({ event, roomId = '', data }: ServerFrame): void {
    if (event === 'typing') return this.typing.receive({ roomId, ...(data as Events['typing']) });
    this.receipts.receive(roomId, data as Events['receipt']);
    this.#emit('receipt', { roomId, ...(data as Events['receipt']) });
  }

  /** Who has written is not writing any more, and has read what was there. */
  #onMessage(room: RoomState, message: MessageView): void {
    const { senderId } = message;
    if (senderId !== null && message.kind === 'text') {
      this.typing.stop(room.id, senderId);
      this.receipts.wrote(message);
      if (senderId !== this.user?.id) this.#delivered.received(room, message);
    }
    this.#emit('message', { room, message });
  }

  #onMember(room: RoomState, event: string, change: MemberChange): void {
    if (event === 'member.left' || event === 'member.removed') {
      this.typing.stop(room.id, change.userId);
      this.receipts.left(room.id, change.userId);
    }
    this.#emit('member', { room, event, change });
  }

  #setUser(user: MeView): void {
    this.user = user;
    this.#emit('profile', user);
  }

  #emit<Name extends keyof ClientEvents>(name: Name, payload: ClientEvents[Name]): void {
    this.sources.emitter.emit(name, payload);
  }

  #createBook(options: { readonly keep: number; readonly follow: 'all' | 'open' }): RoomBook {
    return new RoomBook(this.sources.link, options, {
      message: (room, message) => this.#onMessage(room, message),
      changed: (room, message) => this.#emit('changed', { room, message }),
      member: (room, event, change) => this.#onMember(room, event, change),
      reset: (room) => {
        this.#emit('reset', { room });
        // Changes of the room itself may be among what was missed.
        this.#personal.refetch();
      },
      touched: (room) => this.#emit('room', { roomId: room.id }),
      listed: () => this.#emit('rooms', this.book.rooms),
      doubtful: () => this.#personal.refetch(),
      error: (error) => this.#emit('error', error),
    });
  }
}

const isOfRoom = ({ event, rev }: ServerFrame): boolean =>
  rev !== undefined || event === 'room.stale' || event === 'room.activity';
