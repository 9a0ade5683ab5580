import type { ReadAck } from '../src/protocol/commands.js';
import type {
  ConfigView,
  MeView,
  MemberRoomView,
  MemberView,
  MessageView,
  Page,
  RoomView,
  SyncView,
  TokensView,
  UserView,
} from '../src/protocol/views.js';
import { ParleyError } from './errors.js';
import type { Http, HttpRequest } from './http.js';
import type { TokenKeeper } from './tokens.js';

/** Where a page of a list lies. */
export interface PageAsk {
  readonly cursor?: string;
  /** 1–100; the server's default is 50. */
  readonly limit?: number;
}

/** A page of history: at most one of `before`, `after` and `around` (revs) and `at` (a time); none is the newest page. */
export interface HistoryAsk extends PageAsk {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly at?: string;
}

/** A room to be made. */
export interface RoomDraft {
  readonly name: string;
  readonly topic?: string;
  readonly visibility: 'public' | 'private';
  readonly memberIds?: readonly string[];
}

/** An account to be made. */
export interface Registration {
  readonly username: string;
  readonly password: string;
  readonly displayName?: string;
  readonly email?: string;
}

/**
 * The REST calls. Each answers with the server's view or throws a ParleyError. Calls that need a login renew the access
 * token by themselves, and repeat once where the server no longer takes it.
 */
export class RestApi {
  constructor(
    private readonly http: Http,
    private readonly tokens: TokenKeeper,
    private readonly newId: () => string,
  ) {}

  /** Limits, and who may come in. */
  config(): Promise<ConfigView> {
    return this.http.call({ method: 'GET', path: '/config' });
  }

  /** Makes an account and signs in. */
  register(registration: Registration): Promise<MeView> {
    return this.signIn('/auth/register', registration);
  }

  /** Signs in by user name or e-mail address. */
  login(username: string, password: string, device?: string): Promise<MeView> {
    return this.signIn('/auth/login', { username, password, device });
  }

  /** Comes in without an account. */
  guest(displayName?: string): Promise<MeView> {
    return this.signIn('/auth/guest', { displayName });
  }

  /** Renews the pair of tokens now; it also happens by itself. */
  async refresh(): Promise<void> {
    await this.tokens.renew();
  }

  /** Ends the login on the server. What is kept here goes in any case, also when the server cannot be told. */
  async logout(): Promise<void> {
    try {
      await this.send({ method: 'POST', path: '/auth/logout' });
    } catch (error) {
      if (!(error instanceof ParleyError && error.code === 'UNAUTHORIZED')) throw error;
    } finally {
      this.tokens.forget();
    }
  }

  /** Up to 100 users by id; those that do not exist are left out. */
  async lookUpUsers(ids: readonly string[]): Promise<readonly UserView[]> {
    const { items } = await this.send<{ items: UserView[] }>({ method: 'POST', path: '/users/lookup', body: { ids } });
    return items;
  }

  /** Users whose name begins with the query. */
  searchUsers(query: string, page: PageAsk = {}): Promise<Page<UserView>> {
    return this.send({ method: 'GET', path: '/users', query: { query, ...page } });
  }

  /** One's own rooms, with counters. */
  rooms(page: PageAsk = {}): Promise<Page<MemberRoomView>> {
    return this.send({ method: 'GET', path: '/rooms', query: { ...page } });
  }

  /** Public rooms whose name begins with the query. */
  publicRooms(query?: string, page: PageAsk = {}): Promise<Page<RoomView>> {
    return this.send({ method: 'GET', path: '/rooms/public', query: { query, ...page } });
  }

  /** One room; with counters for a member. */
  room(roomId: string): Promise<MemberRoomView | RoomView> {
    return this.send({ method: 'GET', path: `/rooms/${roomId}` });
  }

  /**
   * Makes a room with the caller as its owner.
   *
   * @param key makes a repeat of the same call the same room; made up where it is left out
   */
  createRoom(draft: RoomDraft, key = this.newId()): Promise<MemberRoomView> {
    return this.send({ method: 'POST', path: '/rooms', body: draft, key });
  }

  /** The one room with another user, made where there is none. */
  directRoom(userId: string): Promise<MemberRoomView> {
    return this.send({ method: 'POST', path: '/rooms/direct', body: { userId } });
  }

  /** Joins a public room. */
  join(roomId: string): Promise<MemberRoomView> {
    return this.send({ method: 'POST', path: `/rooms/${roomId}/join` });
  }

  leave(roomId: string): Promise<void> {
    return this.send({ method: 'POST', path: `/rooms/${roomId}/leave` });
  }

  members(roomId: string, page: PageAsk = {}): Promise<Page<MemberView>> {
    return this.send({ method: 'GET', path: `/rooms/${roomId}/members`, query: { ...page } });
  }

  /** Adds a user to a room, or changes a member's role. */
  putMember(roomId: string, userId: string, role?: 'admin' | 'member'): Promise<MemberView> {
    return this.send({ method: 'PUT', path: `/rooms/${roomId}/members/${userId}`, body: { role } });
  }

  removeMember(roomId: string, userId: string): Promise<void> {
    return this.send({ method: 'DELETE', path: `/rooms/${roomId}/members/${userId}` });
  }

  /** A page of history, ascending by rev; `prev` is null where nothing older lies below it. */
  messages(roomId: string, ask: HistoryAsk = {}): Promise<Page<MessageView>> {
    return this.send({ method: 'GET', path: `/rooms/${roomId}/messages`, query: { ...ask } });
  }

  /** Moves one's read mark; `unread` also moves it back. */
  read(roomId: string, mark: { readonly readSeq: number; readonly unread?: boolean }): Promise<ReadAck> {
    return this.send({ method: 'POST', path: `/rooms/${roomId}/read`, body: mark });
  }

  /** All private state, a page of rooms at a time. */
  sync(cursor?: string): Promise<SyncView> {
    return this.send({ method: 'GET', path: '/sync', query: { cursor } });
  }

  private async signIn(path: string, body: unknown): Promise<MeView> {
    const tokens = await this.http.call<TokensView>({ method: 'POST', path, body });
    this.tokens.accept(tokens);
    return tokens.user;
  }

  private async send<T>(request: HttpRequest): Promise<T> {
    const token = await this.tokens.fresh();
    try {
      return await this.http.call<T>({ ...request, token });
    } catch (error) {
      if (!(error instanceof ParleyError && error.code === 'UNAUTHORIZED')) throw error;
      return this.http.call<T>({ ...request, token: await this.tokens.renew(token) });
    }
  }
}
