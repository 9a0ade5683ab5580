import { setTimeout as pause } from 'node:timers/promises';
import type { Frame } from '../support/socket.js';
import type { Device as DeviceName, History, Told } from './history.js';
import { type Changes, RoomCopy, messageOf } from './room-copy.js';
import { Wire } from './wire.js';

const RETRY_MS = 50;
const PULL_MS = 20;

/** Connections of all devices, counted, so that each has a name in the history. */
let connections = 0;

/** A client that follows the protocol: it comes back after every loss, catches up, and closes its holes. */
export class FaultDevice {
  readonly rooms = new Map<string, RoomCopy>();
  readonly name: DeviceName;
  private wire: Wire | null = null;
  /** The number of the present connection, over all devices. */
  connection = 0;
  private isWanted = true;
  private isAway = false;
  private isCaughtUp = false;

  constructor(
    private readonly options: {
      readonly history: History;
      readonly url: () => string;
      readonly userId: string;
      readonly name: string;
      readonly token: string;
    },
  ) {
    this.name = { name: options.name, userId: options.userId };
  }

  get isReady(): boolean {
    return this.isCaughtUp && (this.wire?.isOpen ?? false);
  }

  /** Connects, and again after every loss, until `leave`. Resolves when it has caught up for the first time. */
  async connect(): Promise<void> {
    void this.stayConnected();
    while (!this.isCaughtUp) await pause(PULL_MS);
  }

  /** Sends a command. Null: no answer. */
  async call(event: string, data: object): ReturnType<Wire['call']> {
    return this.wire?.call(event, data) ?? null;
  }

  /** Loses the connection, without a goodbye. */
  drop(): void {
    this.wire?.drop();
  }

  /** Loses the connection and stays away until `comeBack`. */
  goAway(): void {
    this.isAway = true;
    this.drop();
  }

  comeBack(): void {
    this.isAway = false;
  }

  stopReading(): void {
    this.wire?.stopReading();
  }

  readOn(): void {
    this.wire?.readOn();
  }

  leave(): void {
    this.isWanted = false;
    this.drop();
  }

  /** Whether it is connected and holds this head, or is no member. */
  hasReached(roomId: string, headRev: number): boolean {
    const copy = this.rooms.get(roomId);
    return this.isReady && copy !== undefined && copy.rev >= headRev;
  }

  private async stayConnected(): Promise<void> {
    while (this.isWanted) {
      if (!this.isAway) await this.once();
      if (this.isWanted) await pause(RETRY_MS);
    }
  }

  /** One connection from its beginning to its end. */
  private async once(): Promise<void> {
    this.connection = ++connections;
    this.isCaughtUp = false;
    this.wire = await Wire.open(this.options.url(), (frame) => this.receive(frame));
    if (!this.wire) return;
    const closed = new Promise<void>((resolve) => this.wire?.onClose(resolve));
    const rooms = Object.fromEntries([...this.rooms].map(([roomId, { rev }]) => [roomId, rev]));
    const start = { token: this.options.token, cursor: { rooms }, open: Object.keys(rooms) };
    const ready = await this.wire.call('session.start', start);
    if (ready?.event !== 'session.ready') this.wire.drop();
    await closed;
  }

  private receive(frame: Frame): void {
    if (frame.event === 'session.ready') this.begin(frame.data.rooms as { roomId: string; headRev: number }[]);
    else if (frame.event === 'session.caughtUp') this.isCaughtUp = true;
    else if (frame.event === 'room.added') this.open(frame.data.id as string, Number(frame.data.headRev));
    else if (frame.event === 'room.gone') this.forget(frame.data.roomId as string);
    else if (frame.event === 'room.stale') this.onStale(frame);
    else if (frame.roomId !== undefined && frame.rev !== undefined) this.onDurable(frame, frame.roomId);
  }

  private begin(heads: readonly { roomId: string; headRev: number }[]): void {
    const mine = new Set(heads.map(({ roomId }) => roomId));
    for (const roomId of this.rooms.keys()) if (!mine.has(roomId)) this.rooms.delete(roomId);
    for (const { roomId, headRev } of heads) {
      const copy = this.rooms.get(roomId);
      if (copy) this.tell({ roomId, kind: 'begin', rev: copy.rev });
      else this.open(roomId, headRev);
    }
  }

  private open(roomId: string, rev: number): void {
    this.tell({ roomId, kind: 'begin', rev });
    const onRepeat = (id: string) => this.options.history.repeats.push({ device: this.name, roomId, id });
    this.rooms.set(roomId, new RoomCopy(rev, onRepeat));
  }

  private forget(roomId: string): void {
    this.tell({ roomId, kind: 'gone', rev: 0 });
    this.rooms.delete(roomId);
  }

  private onStale(frame: Frame): void {
    const roomId = frame.roomId ?? (frame.data.roomId as string);
    this.tell({ roomId, kind: 'begin', rev: Number(frame.data.headRev) });
    this.pull(roomId);
  }

  private onDurable(frame: Frame, roomId: string): void {
    const kind = frame.event === 'skip' ? 'skip' : 'frame';
    this.tell({ roomId, kind, rev: Number(frame.rev), message: messageOf(frame) });
    if (this.rooms.get(roomId)?.take(frame) === false) this.pull(roomId);
  }

  private tell(what: Pick<Told, 'roomId' | 'kind' | 'rev'> & Partial<Told>): void {
    const { history } = this.options;
    const { connection, name: device } = this;
    history.told.push({ device, connection, at: history.now(), message: null, ...what });
  }

  private pull(roomId: string): void {
    const copy = this.rooms.get(roomId);
    if (!copy || copy.pulling) return;
    copy.pulling = this.pullAll(roomId, copy).finally(() => (copy.pulling = null));
  }

  private async pullAll(roomId: string, copy: RoomCopy): Promise<void> {
    const { connection } = this;
    for (let more = true; more && this.connection === connection;) {
      const answer = await this.call('room.changes', { roomId, since: copy.rev });
      if (this.rooms.get(roomId) !== copy || !answer) return;
      if (answer.event === 'error') {
        await pause(PULL_MS);
        continue;
      }
      const changes = answer.data as unknown as Changes;
      for (const item of changes.items)
        this.tell({ roomId, kind: 'pulled', rev: Number(item.rev), message: messageOf(item) });
      copy.apply(changes);
      ({ more } = changes);
    }
  }
}
