import type { SessionStart } from '../../src/protocol/commands.js';
import type { ErrorCode, Problem } from '../../src/protocol/errors.js';
import type { CommandFrame, ServerFrame } from '../../src/protocol/frames.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.js';
import { ulidSource } from '../../src/protocol/ulid.js';
import type { ChangeView, MeView, ReceiptView } from '../../src/protocol/views.js';
import type { PeopleLists } from '../people-book.js';
import type { SocketClass } from '../socket.js';
import { FakeRoom, TIME } from './fake-room.js';
import { FakeSocket } from './fake-socket.js';

/** What the server does with one command instead of answering it. */
export type Fault = 'lose-answer' | 'cut-before' | 'cut-after' | Problem;

/** A refusal as the server words it. */
export const problemOf = (code: ErrorCode, extra: Partial<Problem> = {}): Problem => {
  const retryable = ['RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT'].includes(code);
  return { type: 'about:blank', title: code, status: 400, code, retryable, traceId: 't', ...extra };
};

/**
 * A small server in memory that keeps the protocol's promises for one user and can be made to misbehave on the way to
 * him: it loses frames and answers, cuts connections, refuses commands.
 */
export class FakeServer {
  readonly rooms = new Map<string, FakeRoom>();
  readonly sockets = new Set<FakeSocket>();
  /** Every command that arrived, in order. */
  readonly commands: CommandFrame[] = [];
  /** REST requests, as `METHOD path`. */
  readonly requests: string[] = [];
  readonly starts: SessionStart[] = [];
  readonly user: MeView;
  readonly newId: () => string;
  /** What `GET /rooms/:id/receipts` answers, whatever the room. */
  receipts: readonly ReceiptView[] = [];
  people: PeopleLists = { friends: [], incoming: [], outgoing: [], blocks: [] };
  epoch = 'first';
  userRev = 1;
  isReachable = true;
  refreshes = 0;
  limits = { gap: 500, page: 200 };
  /** What `hello` tells in place of the defaults. */
  toldLimits: Partial<Limits> = {};
  /** Chooses a fault for a command; by default none. */
  fault: (command: CommandFrame) => Fault | null = () => null;
  /** Chooses the frames that are lost on the way; by default none. */
  loses: (frame: ServerFrame) => boolean = () => false;
  /** Runs before a REST answer is made. */
  beforeAnswer: (path: string) => Promise<void> | void = () => undefined;
  private readonly started = new Set<FakeSocket>();
  private readonly events: ServerFrame[] = [];
  private readonly stored = new Map<string, { readonly text: string; readonly ack: Record<string, unknown> }>();

  constructor() {
    let counter = 0;
    this.newId = ulidSource(
      () => 1_700_000_000_000 + counter++,
      (bytes) => bytes.fill(7),
    );
    this.user = {
      id: this.newId(),
      username: 'ann',
      displayName: 'Ann',
      avatarUrl: null,
      bio: null,
      role: 'user',
      status: null,
      createdAt: TIME,
      email: null,
      userRev: 1,
      preferences: { contact: 'everybody', receipts: true },
      presence: null,
    };
  }

  addRoom(): FakeRoom {
    const room = new FakeRoom(this.newId(), this.limits);
    this.rooms.set(room.id, room);
    return room;
  }

  /** Somebody else writes. */
  post(room: FakeRoom, text: string): void {
    this.broadcast(room.post(this.newId(), 'somebody', text));
  }

  /** The text that came with the first sending of an id, whatever it was edited to since. */
  textSent(id: string): string {
    return this.stored.get(id)?.text ?? '';
  }

  /** Sends a frame to every started connection. */
  broadcast(frame: ServerFrame): void {
    for (const socket of this.started) this.push(socket, frame);
  }

  /** A private event. */
  tell(event: string, data: unknown): void {
    this.broadcast({ event, userRev: ++this.userRev, data });
  }

  /** Ends every connection. */
  cut(code?: number, goodbye?: { reason: string; retryAfterMs?: number }): void {
    for (const socket of this.sockets) {
      if (goodbye) socket.deliver({ event: 'goodbye', data: { code, reconnect: true, ...goodbye } });
      if (goodbye) setTimeout(() => socket.cut(code), 2);
      else socket.cut(code);
    }
  }

  /** The class to hand to the client. */
  get webSocket(): SocketClass {
    const open = (): FakeSocket => this.open();
    return function FakeWebSocket() {
      return open();
    } as unknown as SocketClass;
  }

  /** The function to hand to the client. */
  readonly fetch = (async (url: URL | string, init?: RequestInit): Promise<Response> => {
    if (!this.isReachable) throw new TypeError('fetch failed');
    const { pathname, searchParams } = new URL(String(url));
    const path = pathname.replace('/api/v1', '');
    this.requests.push(`${init?.method ?? 'GET'} ${path}`);
    await this.beforeAnswer(path);
    const body = this.answer(path, searchParams);
    return new Response(JSON.stringify(body), { status: 200 });
  }) as typeof fetch;

  private open(): FakeSocket {
    const socket = new FakeSocket({
      takeCommand: (from, frame) => this.takeCommand(from, frame),
      onClose: (closed) => {
        this.sockets.delete(closed);
        this.started.delete(closed);
        clearInterval(heartbeat);
      },
    });
    const { heartbeatMs, startWithinMs } = DEFAULT_LIMITS;
    const heartbeat = setInterval(() => socket.deliver({ event: 'heartbeat', data: {} }), heartbeatMs);
    if (!this.isReachable) {
      setTimeout(() => socket.cut(), 1);
      return socket;
    }
    this.sockets.add(socket);
    const hello = {
      serverTime: TIME,
      heartbeatMs,
      startWithinMs,
      limits: { ...DEFAULT_LIMITS, ...this.toldLimits },
      features: {},
      minClient: '0',
    };
    socket.deliver({ event: 'hello', data: hello });
    return socket;
  }

  private takeCommand(socket: FakeSocket, command: CommandFrame): void {
    this.commands.push(command);
    const fault = this.fault(command);
    if (fault === 'cut-before') return socket.cut();
    if (typeof fault === 'object' && fault) return this.push(socket, { id: command.id, event: 'error', data: fault });
    const [event, data] = this.run(socket, command);
    if (fault === 'cut-after') return socket.cut();
    if (fault !== 'lose-answer' && command.id) socket.deliver({ id: command.id, event, data });
    if (event === 'session.ready') this.afterReady(socket, command.data as SessionStart);
    // The author's own event follows the ack, on all his connections.
    for (const frame of this.events.splice(0)) this.broadcast(frame);
  }

  private run(socket: FakeSocket, { event, data }: CommandFrame): [string, unknown] {
    const ask = data as { roomId: string; id: string; text: string; since: number; readSeq: number };
    const room = this.rooms.get(ask.roomId);
    if (event === 'session.start') return ['session.ready', this.ready(socket, data as SessionStart)];
    if (event === 'session.refresh') return ['ack', { expiresAt: TIME }];
    if (event === 'ping') return ['ack', { serverTime: TIME }];
    if (!room) return ['error', problemOf('NOT_FOUND')];
    if (event === 'message.send') return this.store(room, ask);
    if (event === 'room.changes') return ['ack', room.changes(ask.since)];
    if (event === 'room.open') return ['ack', { headRev: room.headRev }];
    if (event !== 'room.read') return ['ack', {}];
    room.readSeq = Math.max(room.readSeq, ask.readSeq);
    return ['ack', { readSeq: room.readSeq, readVersion: 0, unread: room.headSeq - room.readSeq, mentions: 0 }];
  }

  private store(room: FakeRoom, { id, text }: { id: string; text: string }): [string, unknown] {
    const known = this.stored.get(id);
    if (known && known.text !== text) return ['error', problemOf('IDEMPOTENCY_CONFLICT')];
    if (known) return ['ack', { ...known.ack, duplicate: true }];
    this.events.push(room.post(id, this.user.id, text));
    const ack = { id, seq: room.headSeq, rev: room.headRev, createdAt: TIME, duplicate: false };
    this.stored.set(id, { text, ack });
    return ['ack', ack];
  }

  private ready(socket: FakeSocket, start: SessionStart): unknown {
    this.starts.push(start);
    socket.batch = start.batch ?? false;
    return {
      connectionId: this.newId(),
      sessionId: this.newId(),
      user: this.user,
      epoch: this.epoch,
      userRev: this.userRev,
      expiresAt: TIME,
      rooms: [...this.rooms.values()].map((room) => ({ roomId: room.id, ...standingOf(room) })),
      more: false,
      reset: start.cursor?.epoch !== undefined && start.cursor.epoch !== this.epoch,
    };
  }

  private afterReady(socket: FakeSocket, { open = [], cursor }: SessionStart): void {
    const isForeign = cursor?.epoch !== this.epoch;
    for (const roomId of isForeign ? [] : open) {
      const room = this.rooms.get(roomId);
      const since = cursor?.rooms?.[roomId];
      if (!room || since === undefined) continue;
      const { items, reset, headRev } = room.changes(since);
      if (reset) this.push(socket, { event: 'room.stale', roomId, data: { headRev } });
      for (const frame of reset ? [] : framesOf(roomId, since, items)) this.push(socket, frame);
    }
    this.started.add(socket);
    this.push(socket, { event: 'session.caughtUp', data: {} });
  }

  private push(socket: FakeSocket, frame: ServerFrame): void {
    if (!this.loses(frame)) socket.deliver(frame);
  }

  private answer(path: string, search: URLSearchParams): unknown {
    if (path.startsWith('/auth/')) {
      this.refreshes++;
      const tokens = { accessToken: `a${this.refreshes}`, refreshToken: `r${this.refreshes}` };
      return { user: this.user, ...tokens, expiresIn: 900, tokenType: 'Bearer' };
    }
    if (path.endsWith('/receipts')) return { items: this.receipts };
    const history = /^\/rooms\/(\w+)\/messages$/.exec(path);
    if (history)
      return this.rooms.get(history[1] ?? '')?.page(Number(search.get('before')), Number(search.get('limit') ?? 50));
    if (path.startsWith('/friends') || path === '/blocks') {
      const name = path === '/friends/requests' ? (search.get('direction') as 'incoming' | 'outgoing') : path.slice(1);
      return { items: this.people[name as keyof PeopleLists], next: null };
    }
    const rooms = [...this.rooms.values()].map((room) => room.view);
    const friends = { requestsIn: 0, requestsOut: 0 };
    return { epoch: this.epoch, userRev: this.userRev, rooms, friends, unread: 0, mentions: 0, next: null };
  }
}

/** Changes as live frames, with skips for the revs between them. */
function framesOf(roomId: string, since: number, items: readonly ChangeView[]): ServerFrame[] {
  let last = since;
  return items.flatMap(({ rev, event, data }) => {
    const fromRev = last + 1;
    last = rev;
    const frame = { event, roomId, rev, at: TIME, data };
    return rev > fromRev ? [{ event: 'skip', roomId, fromRev, rev: rev - 1 }, frame] : [frame];
  });
}

const standingOf = (room: FakeRoom) => ({
  headRev: room.headRev,
  headSeq: room.headSeq,
  readSeq: room.readSeq,
  readVersion: 0,
  unread: room.headSeq - room.readSeq,
  mentions: 0,
});
