import type { SessionReady } from '../src/protocol/commands.js';
import type { Events } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import type { MemberRoomView } from '../src/protocol/views.js';
import { CatchUp } from './catch-up.js';
import type { ParleyError } from './errors.js';
import type { Link } from './link.js';
import { type RoomSink, RoomState, type Standing } from './room-state.js';

/** Whom the book tells. */
export interface RoomBookHooks extends RoomSink {
  /** A room came or went, or became known by name. */
  listed(): void;
  /** The server refused to show a room that is in the book: `GET /sync` has to tell what is true. */
  doubtful(): void;
  error(error: ParleyError): void;
}

/** How the book is kept. */
export interface RoomBookOptions {
  /** Messages kept for each room. */
  readonly keep: number;
  readonly follow: 'all' | 'open';
}

/** So many rooms are named in `session.start` at most, unless the server told otherwise. */
const CURSOR_ROOMS = 500;
const START_ROOMS = 5;

/** All rooms of the user on this client: finds the one that a frame is for, and sees that no room stays behind. */
export class RoomBook {
  readonly #states = new Map<string, RoomState>();
  /** Positions from an earlier run, for rooms that no `session.ready` has named yet. */
  readonly #earlier = new Map<string, number>();
  /** The newest revs of rooms whose frames overtook the news that the user is in them. */
  readonly #unheard = new Map<string, number>();
  readonly #opened = new Set<string>();
  readonly #catchUp: CatchUp;
  #me = '';
  #most = { cursorRooms: CURSOR_ROOMS, startRooms: START_ROOMS };

  constructor(
    private readonly link: Pick<Link, 'request' | 'isUp'>,
    private readonly options: RoomBookOptions,
    private readonly hooks: RoomBookHooks,
  ) {
    this.#catchUp = new CatchUp(link, {
      room: (id) => this.#states.get(id),
      refused: () => hooks.doubtful(),
      error: (error) => hooks.error(error),
    });
  }

  get rooms(): ReadonlyMap<string, RoomState> {
    return this.#states;
  }

  /** The ids of the rooms that are looked at. */
  get openRooms(): ReadonlySet<string> {
    return this.#opened;
  }

  /** Goes on where another run stopped: changes above these revs will be told. */
  resume(positions: Readonly<Record<string, number>>): void {
    for (const [roomId, rev] of Object.entries(positions)) this.#earlier.set(roomId, rev);
  }

  /** Keeps what a handshake names within the limits that the server told. */
  bound({ cursorRooms = CURSOR_ROOMS, startRooms = START_ROOMS }: Events['hello']['limits']): void {
    this.#most = { cursorRooms, startRooms };
  }

  /** The last rev applied of each room, open ones first, as many as a handshake takes. */
  positions(): Record<string, number> {
    const known = [...this.#states.values()].map((room) => [room.id, room.lastRev] as const);
    const all = [...known, ...this.#earlier].sort(
      (a, b) => Number(this.#opened.has(b[0])) - Number(this.#opened.has(a[0])),
    );
    return Object.fromEntries(all.slice(0, this.#most.cursorRooms));
  }

  /** The rooms whose missed changes the handshake sends by itself: those opened last. */
  startRooms(): string[] {
    return [...this.#opened].slice(-this.#most.startRooms);
  }

  /** Marks a room as looked at: it is caught up before the others, and followed in full. */
  open(roomId: string): void {
    this.#opened.delete(roomId);
    this.#opened.add(roomId);
    if (this.options.follow === 'open' && this.link.isUp) this.#openOnServer(roomId);
    else this.#pullIfBehind(roomId, true);
  }

  /** The room is not looked at any more. */
  close(roomId: string): void {
    if (!this.#opened.delete(roomId) || this.options.follow === 'all' || !this.link.isUp) return;
    this.link.request('room.close', { roomId }, () => undefined);
  }

  /** Takes the heads of `session.ready`. Rooms it does not name are gone, unless there are more than it can name. */
  ready(ready: SessionReady): void {
    if (this.#me !== ready.user.id) this.clear();
    this.#me = ready.user.id;
    this.#catchUp.hold();
    this.#unheard.clear();
    for (const { roomId, ...standing } of ready.rooms) {
      const known = this.#states.get(roomId);
      // A server that knows less than this client has been set back, whatever it says of its epoch.
      if (known && (ready.reset || standing.headRev < known.lastRev)) known.startOver(standing);
      else this.#admit(roomId, standing, !ready.reset);
      this.#states.get(roomId)?.expectMissed(standing.headRev);
    }
    if (!ready.more) this.keepOnly(new Set(ready.rooms.map((room) => room.roomId)));
  }

  /** The handshake has sent what it sends; the rest is pulled. */
  caughtUp(): void {
    this.#catchUp.release();
    const started = new Set(this.startRooms());
    for (const roomId of this.#opened) {
      // The handshake opens a few of them; the server has to be told of the others.
      if (this.options.follow === 'open' && !started.has(roomId)) this.#openOnServer(roomId);
    }
    for (const roomId of [...this.#opened].reverse()) this.#pullIfBehind(roomId);
    for (const roomId of this.#states.keys()) this.#pullIfBehind(roomId);
  }

  /** The connection is gone. */
  down(): void {
    this.#catchUp.hold();
  }

  /** A durable frame, a `skip`, `room.stale` or `room.activity`. */
  receive(frame: ServerFrame): void {
    const roomId = frame.roomId ?? (frame.data as { roomId?: string } | undefined)?.roomId;
    if (roomId === undefined) return;
    const room = this.#states.get(roomId);
    const told = frame.data as Partial<Standing> | undefined;
    if (!room) {
      const rev = frame.rev ?? told?.headRev ?? 0;
      this.#unheard.set(roomId, Math.max(rev, this.#unheard.get(roomId) ?? 0));
      return;
    }
    if (frame.event === 'room.stale' || frame.event === 'room.activity') room.applyStanding(withHeads(room, told));
    else room.receive(frame);
    this.#pullIfBehind(roomId);
  }

  /** The room as `GET /sync` or `room.added` shows it; one that is new begins at its `headRev`. */
  show(view: MemberRoomView): void {
    this.#admit(view.id, view, true);
    const room = this.#states.get(view.id);
    room?.show(view);
    const rev = this.#unheard.get(view.id);
    this.#unheard.delete(view.id);
    if (room && rev !== undefined) room.applyStanding(withHeads(room, { headRev: rev }));
    this.#pullIfBehind(view.id);
    this.hooks.listed();
  }

  /** The user has set something for himself in a room. */
  amend({ roomId, ...own }: Events['membership.updated']): void {
    this.#states.get(roomId)?.amend(own);
  }

  /** The user is not in this room any more. */
  remove(roomId: string): void {
    this.#opened.delete(roomId);
    this.#earlier.delete(roomId);
    if (this.#states.delete(roomId)) this.hooks.listed();
  }

  /** Every room but these is gone. */
  keepOnly(roomIds: ReadonlySet<string>): void {
    for (const roomId of this.#states.keys()) if (!roomIds.has(roomId)) this.remove(roomId);
  }

  /** Forgets everything, for another user. */
  clear(): void {
    this.#catchUp.hold();
    this.#states.clear();
    this.#unheard.clear();
    // What was asked for before anybody was known is his who comes first.
    if (this.#me !== '') {
      this.#earlier.clear();
      this.#opened.clear();
    }
    this.#me = '';
    this.hooks.listed();
  }

  #admit(roomId: string, standing: Standing, mayResume: boolean): void {
    const earlier = mayResume ? this.#earlier.get(roomId) : undefined;
    this.#earlier.delete(roomId);
    let room = this.#states.get(roomId);
    if (!room) {
      const lastRev = Math.min(earlier ?? standing.headRev, standing.headRev);
      const options = { lastRev, keep: this.options.keep, me: this.#me };
      room = new RoomState(roomId, options, this.hooks);
      this.#states.set(roomId, room);
    }
    room.applyStanding(standing);
  }

  #openOnServer(roomId: string): void {
    this.link.request('room.open', { roomId }, ({ ack }) => {
      const room = this.#states.get(roomId);
      if (ack && room) room.applyStanding(withHeads(room, ack));
      this.#pullIfBehind(roomId, true);
    });
  }

  #pullIfBehind(roomId: string, first = false): void {
    const isFollowed = this.options.follow === 'all' || this.#opened.has(roomId);
    const missing = this.#states.get(roomId)?.missingFrom ?? null;
    if (isFollowed && missing !== null) this.#catchUp.pull(roomId, first);
  }
}

/** The room's own standing with newer heads. */
const withHeads = (room: RoomState, told: Partial<Standing> = {}): Standing => ({
  headRev: told.headRev ?? room.headRev,
  headSeq: told.headSeq ?? room.headSeq,
  readSeq: room.readSeq,
  readVersion: room.readVersion,
  mentions: told.mentions ?? room.mentions,
});
