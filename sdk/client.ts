import { endsLogin } from '../src/protocol/close-codes.js';
import type { Acks, CommandName, Commands, SessionReady, SetPresence } from '../src/protocol/commands.js';
import type { MeView, MessageView } from '../src/protocol/views.js';
import type { ClientCursor, ClientEvents, ClientOptions } from './client-types.js';
import { ParleyError } from './errors.js';
import { Emitter } from './events.js';
import { Http } from './http.js';
import { newIdSource } from './ids.js';
import { type ConnectionStatus, Link } from './link.js';
import { LiveCopy } from './live-copy.js';
import type { PendingMessage, Sent } from './outbox-entry.js';
import { OutboxKeeper } from './outbox-keeper.js';
import { type MessageDraft, memoryOutbox } from './outbox-store.js';
import { Outbox } from './outbox.js';
import type { PeopleBook } from './people-book.js';
import type { PresenceBook } from './presence-book.js';
import type { MessageState, ReceiptsBook } from './receipts-book.js';
import { RestCaller } from './rest-caller.js';
import { RestApi } from './rest.js';
import type { RoomState } from './room-state.js';
import { globalSocketClass } from './socket.js';
import { DEFAULT_TIMING, type Timing } from './timing.js';
import { TokenKeeper, memoryStore } from './tokens.js';
import type { TypingBook } from './typing-book.js';

/**
 * A client of one Parley server for one user. Sign in by `rest`, then `connect`. From then on it keeps a copy of every
 * room that is exact up to the room's `lastRev`, comes back by itself after any loss, and pulls what it missed.
 * Messages that it is given to send arrive once, in order within their room, or are refused by name.
 */
export class ParleyClient {
  /** The REST calls; signing in is among them. */
  readonly rest: RestApi;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #tokens: TokenKeeper;
  readonly #link: Link;
  readonly #copy: LiveCopy;
  readonly #outbox: Outbox;
  #isCaughtUp = false;
  #isSettled = false;

  constructor(options: ClientOptions) {
    const timing = { ...DEFAULT_TIMING, ...options.timing };
    const origin = options.url.replace(/\/+$/, '');
    const newId = newIdSource();
    const http = new Http(origin, options.fetch ?? fetch.bind(globalThis), timing.requestMs);
    this.#tokens = new TokenKeeper(http, options.login ?? memoryStore(), (error) => this.#onSignedOut(error));
    this.rest = new RestApi(new RestCaller(http, this.#tokens, newId));
    this.#link = this.#createLink(options, `${origin.replace(/^http/, 'ws')}/ws`, timing);
    const { rest } = this;
    const link = this.#link;
    const emitter = this.#emitter;
    this.#copy = new LiveCopy({ link, rest, emitter }, options, () => this.#onSettled());
    this.#outbox = this.#createOutbox(options, newId, timing);
  }

  /** Calls `listener` with every later event of that name, until the returned function is called. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (payload: ClientEvents[Name]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Whether the session is caught up and the user's rooms are known by name. */
  get isOnline(): boolean {
    return this.#isCaughtUp && this.#isSettled;
  }

  /** Who is signed in, as far as known. */
  get user(): MeView | null {
    return this.#copy.user ?? this.#tokens.user;
  }

  /** Whether there is a login to connect with. */
  get hasLogin(): boolean {
    return this.#tokens.hasLogin;
  }

  /** The rooms of the user, by id. */
  get rooms(): ReadonlyMap<string, RoomState> {
    return this.#copy.book.rooms;
  }

  /** Friends, requests and blocks, where `people` was asked for. */
  get people(): PeopleBook {
    return this.#copy.people;
  }

  /** Where this client stands; null before the first session. */
  cursor(): ClientCursor | null {
    return this.#copy.cursor();
  }

  /**
   * Opens the connection and keeps it. Resolves when the first session is caught up and the user's rooms are known.
   *
   * @throws ParleyError `OFFLINE` when the client stops before that: signed out, refused for good, or closed
   */
  connect(): Promise<void> {
    if (this.isOnline) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = this.on('connection', (status) => {
        if (status.state !== 'online' && status.state !== 'stopped') return;
        stop();
        if (status.state === 'online') resolve();
        else reject(ParleyError.offline(status.reason));
      });
      this.#link.start();
    });
  }

  /** Tries to connect at once, if it is waiting for the next attempt: the network is back, the page is looked at. */
  wake(): void {
    this.#link.wake();
  }

  /** Ends the connection. What is pending goes out after another `connect`. */
  close(): void {
    this.#link.stop();
  }

  /**
   * Ends the login, the connection and everything that is kept of the user.
   *
   * @throws ParleyError when the server could not be told; on this side it has ended all the same
   */
  async signOut(): Promise<void> {
    this.#link.stop('signed out');
    this.#outbox.clear(this.user?.id ?? null);
    this.#copy.clear();
    await this.rest.logout();
  }

  /**
   * Sends a message with an id of its own, over every reconnect and reload, until it is stored or refused for good. A
   * `string` is its text.
   *
   * @returns the id, and the ack once it is stored; rejected with a ParleyError, as `refused` tells it
   */
  send(roomId: string, draft: string | MessageDraft): Sent {
    return this.#outbox.send(roomId, draft);
  }

  /**
   * One's own messages in a room that wait or were refused, in the order of sending; none is among its `messages`.
   */
  pending(roomId: string): readonly PendingMessage[] {
    const room = this.rooms.get(roomId);
    return this.#outbox.pending(roomId).filter(({ id }) => !room?.get(id));
  }

  /**
   * Sends a refused message once more, with the id it has: even where it was stored after all, it is there once.
   *
   * @throws ParleyError `NOT_FOUND` where no such message was refused
   */
  resend(id: string): Sent {
    return this.#outbox.resend(id);
  }

  /** Forgets a refused message; says whether there was one. */
  discard(id: string): boolean {
    return this.#outbox.discard(id);
  }

  /**
   * How far one's own message has come: `delivered` or `read` as soon as at least one other member has, so in a direct
   * room the other one. Exact in open rooms; `receipts.countsOf` says how many.
   */
  stateOf(message: MessageView): MessageState {
    return this.#copy.receipts.stateOf(message);
  }

  /** The user looks at this room: it is caught up before the others, and its receipts are read. */
  openRoom(roomId: string): void {
    this.#copy.open(roomId);
  }

  /** The user does not look at this room any more. */
  closeRoom(roomId: string): void {
    this.#copy.book.close(roomId);
  }

  /**
   * Loads a page of history below what is loaded.
   *
   * @returns whether more lies below it
   * @throws ParleyError as the server or the network has it
   */
  loadOlder(roomId: string, limit?: number): Promise<boolean> {
    return this.#copy.loadOlder(roomId, limit);
  }

  /** Marks everything up to this seq as read; by default everything there is. */
  read(roomId: string, seq = this.rooms.get(roomId)?.headSeq ?? 0): void {
    this.#copy.marks.mark(roomId, seq);
  }

  /** Who is here of the users who are watched. `watch` begins with a snapshot and holds over every reconnect. */
  get presence(): PresenceBook {
    return this.#copy.presence;
  }

  /** Who is writing. */
  get typing(): TypingBook {
    return this.#copy.typing;
  }

  /** How far the other members have received and read. */
  get receipts(): ReceiptsBook {
    return this.#copy.receipts;
  }

  /**
   * How oneself is shown. `away` is about this connection; behind it, say the choice that stands in `user.presence`, or
   * `online`.
   */
  async setPresence(presence: SetPresence): Promise<void> {
    await this.command('presence.set', presence);
  }

  /** Tells the others of a room that one is writing, or has stopped; to be called as often as one likes. */
  async tellTyping(roomId: string, typing = true): Promise<void> {
    await this.command('room.typing', { roomId, typing });
  }

  /** Any command of the protocol. It is sent once: throws `OFFLINE` without a session, or when its answer is lost. */
  command<C extends CommandName>(event: C, data: Commands[C]): Promise<Acks[C]> {
    return new Promise((resolve, reject) => {
      this.#link.request(event, data, ({ ack, error }) => (error ? reject(error) : resolve(ack)));
    });
  }

  #createLink(options: ClientOptions, url: string, timing: Timing): Link {
    const webSocket = options.webSocket ?? globalSocketClass();
    const { device, follow } = options;
    return new Link(
      { url, webSocket, tokens: this.#tokens, timing, session: { device, follow } },
      {
        position: (limits) => this.#copy.position(limits),
        ready: (ready) => this.#onReady(ready),
        frame: (frame) => this.#copy.receive(frame),
        status: (status) => this.#onStatus(status),
        error: (error) => this.#emitter.emit('error', error),
      },
    );
  }

  #createOutbox(options: ClientOptions, newId: () => string, timing: Timing): Outbox {
    const keeper = new OutboxKeeper(options.outbox ?? memoryOutbox(), (error) => this.#emitter.emit('error', error));
    return new Outbox(
      { link: this.#link, keeper, timing },
      {
        newId,
        userId: () => this.user?.id ?? null,
        changed: (roomId) => this.#emitter.emit('room', { roomId }),
        refused: (message, error) => this.#emitter.emit('refused', { message, error }),
      },
    );
  }

  #onReady(ready: SessionReady): void {
    // Another user's messages must not go out in this one's name.
    if (this.#copy.user && this.#copy.user.id !== ready.user.id) this.#outbox.drop();
    this.#copy.ready(ready);
    this.#outbox.resume(ready.user.id);
  }

  #onStatus(status: ConnectionStatus): void {
    if (status.state === 'online') {
      this.#isCaughtUp = true;
      return this.#tellOnline();
    }
    this.#copy.down();
    this.#isCaughtUp = this.#isSettled = false;
    if (status.state === 'stopped' && endsLogin(status.code)) {
      this.#tokens.forget();
      this.#onSignedOut(new ParleyError('UNAUTHORIZED', status.reason));
    }
    this.#emitter.emit('connection', status);
  }

  #tellOnline(): void {
    if (this.isOnline) this.#emitter.emit('connection', { state: 'online' });
  }

  #onSettled(): void {
    const isNews = !this.#isSettled;
    this.#isSettled = true;
    if (isNews) this.#tellOnline();
  }

  /** What waits to be sent stays in its store: the end of a login is no decision of the user's. */
  #onSignedOut(error: ParleyError): void {
    this.#link.stop(error.message);
    this.#outbox.drop();
    this.#copy.clear();
    this.#emitter.emit('signedOut', error);
  }
}
