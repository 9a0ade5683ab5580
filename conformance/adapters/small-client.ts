import type { SessionReady } from '../../src/protocol/commands.js';
import type { Events } from '../../src/protocol/events.js';
import type { ServerFrame } from '../../src/protocol/frames.js';
import type { MemberRoomView, SyncView } from '../../src/protocol/views.js';
import type { ClientState, ClientUnderTest, ConnectLine } from './serve.js';
import { SmallLink } from './small-link.js';
import { SmallOutbox } from './small-outbox.js';
import { type Changes, SmallRoom, type Standing } from './small-room.js';

/**
 * A whole client in four short files, apart from the SDK: to read, to port, and to break. It keeps what the protocol
 * asks for and leaves out what makes a client quick: it pulls where it could have waited, and reads everything again where
 * a part would do.
 */
export class SmallClient implements ClientUnderTest {
  protected readonly link: SmallLink = this.createLink();
  protected readonly outbox: SmallOutbox = this.createOutbox();
  protected readonly rooms = new Map<string, SmallRoom>();
  protected readonly opened = new Set<string>();
  protected epoch: string | undefined;
  protected userRev: number | null = null;
  protected me = '';
  readonly #missedTo = new Map<string, number>();
  readonly #pulling = new Set<string>();
  #isSyncing = false;
  #mustSync = false;

  connect(line: ConnectLine): void {
    this.link.start(line, {
      position: (limits) => this.position(limits),
      ready: (ready) => this.ready(ready as SessionReady),
      frame: (frame) => this.receive(frame),
    });
  }

  open(roomId: string): void {
    this.opened.add(roomId);
  }

  send(roomId: string, text: string): void {
    this.outbox.send(roomId, text);
  }

  read(roomId: string): void {
    const room = this.rooms.get(roomId);
    if (!room) return;
    const { headSeq: readSeq, readVersion } = room;
    this.link.ask('room.read', { roomId, readSeq, readVersion }, ({ ack }) => {
      if (ack) room.mark(ack as Standing);
    });
  }

  close(): void {
    this.link.stop();
  }

  state(): ClientState {
    const { state, code, waits } = this.link;
    const rooms = Object.fromEntries([...this.rooms].map(([id, room]) => [id, room.state()]));
    return { connection: state, code, waits, rooms, pending: this.outbox.state() };
  }

  protected createLink(): SmallLink {
    return new SmallLink();
  }

  protected createOutbox(): SmallOutbox {
    return new SmallOutbox(this.link);
  }

  protected createRoom(standing: Standing): SmallRoom {
    return new SmallRoom(standing, this.me);
  }

  protected position(limits: Readonly<Record<string, number>>): Record<string, unknown> {
    const open = [...this.opened].slice(0, limits['startRooms'] ?? 5);
    if (this.epoch === undefined) return { open };
    const known = [...this.rooms].slice(0, limits['cursorRooms'] ?? 500);
    const rooms = Object.fromEntries(known.map(([id, { lastRev }]) => [id, lastRev]));
    return { open, cursor: { epoch: this.epoch, rooms } };
  }

  protected ready({ user, epoch, userRev, rooms, more, reset }: SessionReady): void {
    this.me = user.id;
    this.epoch = epoch;
    this.#pulling.clear();
    for (const { roomId, ...standing } of rooms) {
      this.#missedTo.set(roomId, standing.headRev);
      const known = this.rooms.get(roomId);
      if (!known) this.rooms.set(roomId, this.createRoom(standing));
      else if (reset) this.startOver(known, standing);
      else known.stand(standing);
    }
    if (!more) this.keepOnly(rooms.map(({ roomId }) => roomId));
    if (userRev !== this.userRev) void this.sync();
    this.outbox.resume();
  }

  protected startOver(room: SmallRoom, standing: Standing): void {
    room.startOver(standing);
  }

  protected keepOnly(roomIds: readonly string[]): void {
    for (const roomId of this.rooms.keys()) if (!roomIds.includes(roomId)) this.rooms.delete(roomId);
  }

  protected receive(frame: ServerFrame): void {
    if (frame.event === 'session.caughtUp') return this.caughtUp();
    if (frame.event === 'user.stale') return this.stale(frame.data as Events['user.stale']);
    if (frame.userRev !== undefined) return this.takePrivate(frame, frame.userRev);
    const room = this.rooms.get(frame.roomId ?? '');
    if (!room || frame.roomId === undefined) return;
    if (frame.event === 'room.stale') room.stand(frame.data as Partial<Standing>);
    else if (frame.rev !== undefined) room.take(frame, frame.rev <= (this.#missedTo.get(frame.roomId) ?? 0));
    else return;
    // What was missed of an open room comes by itself; until then there is no hole.
    if (this.link.state === 'online') this.pull(frame.roomId);
  }

  protected caughtUp(): void {
    for (const roomId of this.rooms.keys()) this.pull(roomId);
  }

  protected stale({ userRev }: Events['user.stale']): void {
    if (userRev > (this.userRev ?? -1)) void this.sync();
  }

  /** Asks for changes as long as any are missing. */
  protected pull(roomId: string): void {
    const room = this.rooms.get(roomId);
    if (!room || this.#pulling.has(roomId)) return;
    const since = room.headRev > room.lastRev ? room.lastRev : room.unsureFrom;
    if (since === null) return;
    this.#pulling.add(roomId);
    this.link.ask('room.changes', { roomId, since }, ({ ack, error }) => {
      this.#pulling.delete(roomId);
      if (ack && this.rooms.get(roomId) === room) room.catchUp(ack as Changes);
      if (ack) this.pull(roomId);
      if (error?.retryable) setTimeout(() => this.pull(roomId), error.retryAfterMs ?? 1000).unref();
    });
  }

  protected takePrivate(frame: ServerFrame, userRev: number): void {
    if (this.userRev === null || this.#isSyncing || userRev > this.userRev + 1) return void this.sync();
    if (userRev <= this.userRev) return;
    this.userRev = userRev;
    this.applyPrivate(frame);
  }

  protected applyPrivate({ event, data }: ServerFrame): void {
    if (event === 'room.added') this.show(data as MemberRoomView);
    if (event === 'room.gone') this.rooms.delete((data as Events['room.gone']).roomId);
    if (event === 'read.updated') {
      const { roomId, ...read } = data as Events['read.updated'];
      this.rooms.get(roomId)?.mark(read);
    }
  }

  protected show(view: MemberRoomView): void {
    const known = this.rooms.get(view.id);
    const room = known ?? this.createRoom(view);
    this.rooms.set(view.id, room);
    room.name = view.name;
    room.stand(view);
    if (this.link.state === 'online') this.pull(view.id);
  }

  /** Reads all private state; what comes meanwhile has it read once more. */
  protected async sync(): Promise<void> {
    this.#mustSync = true;
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    while (this.#mustSync) {
      this.#mustSync = false;
      await this.readAll().catch(() => undefined);
    }
    this.#isSyncing = false;
  }

  protected async readAll(): Promise<void> {
    const rooms: MemberRoomView[] = [];
    let userRev: number | null = null;
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = (await this.link.get(`/sync${cursor && `?cursor=${encodeURIComponent(cursor)}`}`)) as SyncView;
      userRev ??= page.userRev;
      rooms.push(...page.rooms);
      cursor = page.next;
    }
    for (const room of rooms) this.show(room);
    this.keepOnly(rooms.map(({ id }) => id));
    this.userRev = userRev;
  }
}
