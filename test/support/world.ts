import { randomFillSync } from 'node:crypto';
import { ulidSource } from '../../src/protocol/ulid.js';
import type { MemberRoomView, MessageView, TokensView } from '../../src/protocol/views.js';
import { type Parts, TestApp } from './app.js';
import { TestStream } from './event-stream.js';
import { TestSocket } from './socket.js';

/** ULIDs as a client makes them. */
export const newUlid = ulidSource(Date.now, randomFillSync);

/** An answer of the REST API. */
export interface Answer<T = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

interface CallOptions {
  /** Sent as JSON; a form as it is. */
  readonly body?: unknown;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** Somebody with a login: calls the API and opens sockets. */
export class Actor {
  readonly sockets: TestSocket[] = [];
  readonly streams: TestStream[] = [];

  constructor(
    private readonly world: World,
    readonly tokens: TokensView,
  ) {}

  get id(): string {
    return this.tokens.user.id;
  }

  get token(): string {
    return this.tokens.accessToken;
  }

  call<T = any>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.world.call<T>(method, path, { body, token: this.token, headers });
  }

  /** A socket whose session is started and caught up. */
  async connect(start: Record<string, unknown> = {}): Promise<TestSocket> {
    const socket = await this.open();
    const ready = await socket.call('session.start', { token: this.token, ...start });
    if (ready.event !== 'session.ready') throw new Error(`not started: ${JSON.stringify(ready)}`);
    await socket.next('session.caughtUp');
    return socket;
  }

  /** A stream of events that is caught up. */
  async stream(options: { lastEventId?: string; query?: string } = {}): Promise<TestStream> {
    const stream = await TestStream.open(this.world.app.apiUrl, { token: this.token, ...options });
    this.streams.push(stream);
    await stream.next('session.caughtUp');
    return stream;
  }

  /** A socket that has said nothing yet. */
  async open(): Promise<TestSocket> {
    const socket = await TestSocket.open(this.world.app.socketUrl);
    this.sockets.push(socket);
    return socket;
  }

  /** Sends over REST. */
  async say(roomId: string, text = 'hello'): Promise<MessageView> {
    const { status, body } = await this.call<MessageView>('POST', `/rooms/${roomId}/messages`, { id: newUlid(), text });
    if (status !== 201) throw new Error(`not sent: ${status} ${JSON.stringify(body)}`);
    return body;
  }
}

/** A started server and builders for what lives in it. */
export class World {
  private readonly actors: Actor[] = [];

  private constructor(public app: TestApp) {}

  static async create(env: Record<string, string> = {}, parts: Parts = {}): Promise<World> {
    return new World(await TestApp.start(env, parts));
  }

  /** Somebody new. A guest, since that costs no password hash; most tests do not care. */
  async user(displayName = 'Somebody'): Promise<Actor> {
    const { status, body } = await this.call<TokensView>('POST', '/auth/guest', { body: { displayName } });
    if (status !== 201) throw new Error(`no guest: ${status} ${JSON.stringify(body)}`);
    return this.keep(new Actor(this, body));
  }

  /** That many users. */
  users<const N extends number>(count: N): Promise<Actor[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => this.user(`User ${i + 1}`)));
  }

  /** Somebody with a password. */
  async account(username: string, password = 'a fine long password'): Promise<Actor> {
    const { status, body } = await this.call<TokensView>('POST', '/auth/register', { body: { username, password } });
    if (status !== 201) throw new Error(`not registered: ${status} ${JSON.stringify(body)}`);
    return this.keep(new Actor(this, body));
  }

  /** A group room of the first, with the others as members. */
  async room(
    [owner, ...members]: Actor[],
    settings: { visibility?: 'public' | 'private'; name?: string } = {},
  ): Promise<MemberRoomView> {
    const { status, body } = await owner.call<MemberRoomView>('POST', '/rooms', {
      name: settings.name ?? 'A room',
      visibility: settings.visibility ?? 'private',
      memberIds: members.map((member) => member.id),
    });
    if (status !== 201) throw new Error(`no room: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Makes friends of the two. */
  async befriend(one: Actor, other: Actor): Promise<void> {
    const asked = await one.call('POST', '/friends/requests', { userId: other.id });
    const accepted = await other.call('POST', `/friends/requests/${asked.body.id}/accept`);
    if (accepted.status !== 204) throw new Error(`no friends: ${asked.status} ${JSON.stringify(asked.body)}`);
  }

  async call<T = any>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const { body, token, headers } = options;
    const isJson = body !== undefined && !(body instanceof FormData);
    const response = await fetch(path.startsWith('http') ? path : this.app.apiUrl + path, {
      method,
      headers: {
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: isJson ? JSON.stringify(body) : (body as FormData | undefined),
    });
    const text = await textOf(response);
    const isParsed = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    // What is no JSON, such as a picture, is a text.
    const parsed: unknown = isParsed ? JSON.parse(text) : text || null;
    return { status: response.status, headers: response.headers, body: parsed as T };
  }

  /** Ends this server and starts another one on the same database. `meanwhile` is done while there is none. */
  async restart(env: Record<string, string> = {}, meanwhile?: () => void): Promise<void> {
    this.app = await this.app.restart(env, meanwhile);
  }

  async stop(): Promise<void> {
    const open = this.actors.flatMap<{ close(): Promise<void> }>(({ sockets, streams }) => [...sockets, ...streams]);
    await Promise.all(open.map((one) => one.close()));
    await this.app.stop();
  }

  private keep(actor: Actor): Actor {
    this.actors.push(actor);
    return actor;
  }
}

/** The whole body; of a stream of events, which has no end, its beginning. */
export async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value as Uint8Array | undefined);
}
