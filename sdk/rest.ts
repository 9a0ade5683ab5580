import type { SetPresence } from '../src/protocol/commands.js';
import type { AbilitiesView } from '../src/protocol/room-views.js';
import type {
  ConfigView,
  MeView,
  MemberRoomView,
  MemberView,
  OnlineView,
  Page,
  PreferencesView,
  PresenceView,
  PresencesView,
  RoomView,
  SyncView,
  TokensView,
  UserView,
} from '../src/protocol/views.js';
import { ParleyError } from './errors.js';
import type { PageAsk } from './page-ask.js';
import { AccountApi } from './rest-account.js';
import type { OwnSettings, Registration, RoomChanges, RoomDraft } from './rest-asks.js';
import { AttachmentsApi } from './rest-attachments.js';
import { BansApi } from './rest-bans.js';
import type { RestCaller } from './rest-caller.js';
import { FriendsApi } from './rest-friends.js';
import { InvitesApi } from './rest-invites.js';
import { MessagesRest } from './rest-messages.js';
import { SessionsApi } from './rest-sessions.js';

/**
 * The REST calls. Each answers with the server's view or throws a ParleyError. Calls that need a login renew the access
 * token by themselves, and repeat once where the server no longer takes it.
 */
export class RestApi extends MessagesRest {
  /** One's own account. */
  readonly account: AccountApi;
  /** One's logins, and one's password. */
  readonly sessions: SessionsApi;
  /** Friends and blocks. */
  readonly friends: FriendsApi;
  readonly invites: InvitesApi;
  readonly bans: BansApi;
  /** Files to be sent. */
  readonly attachments: AttachmentsApi;

  constructor(caller: RestCaller) {
    super(caller);
    this.account = new AccountApi(caller);
    this.sessions = new SessionsApi(caller);
    this.friends = new FriendsApi(caller);
    this.invites = new InvitesApi(caller);
    this.bans = new BansApi(caller);
    this.attachments = new AttachmentsApi(caller);
  }

  /** Limits, and who may come in. */
  config(): Promise<ConfigView> {
    return this.caller.http.call({ method: 'GET', path: '/config' });
  }

  /** Makes an account and signs in. */
  register(registration: Registration): Promise<MeView> {
    return this.#signIn('/auth/register', registration);
  }

  /** Signs in by user name or e-mail address. */
  login(username: string, password: string, device?: string): Promise<MeView> {
    return this.#signIn('/auth/login', { username, password, device });
  }

  /** Comes in without an account. */
  guest(displayName?: string): Promise<MeView> {
    return this.#signIn('/auth/guest', { displayName });
  }

  /** Renews the pair of tokens now; it also happens by itself. */
  async refresh(): Promise<void> {
    await this.caller.tokens.renew();
  }

  /** Ends the login on the server. What is kept here goes in any case, also when the server cannot be told. */
  async logout(): Promise<void> {
    try {
      await this.caller.send({ method: 'POST', path: '/auth/logout' });
    } catch (error) {
      if (!(error instanceof ParleyError && error.code === 'UNAUTHORIZED')) throw error;
    } finally {
      this.caller.tokens.forget();
    }
  }

  /** The address of a picture that a view names, such as `avatarUrl`; it loads without a token. */
  pictureUrl(path: string, size: 64 | 256 = 256): string {
    return `${this.caller.addressOf(path)}&size=${size}`;
  }

  /** One user. */
  user(userId: string): Promise<UserView> {
    return this.caller.send({ method: 'GET', path: `/users/${userId}` });
  }

  /** Up to 100 users by id; those that do not exist are left out. */
  async lookUpUsers(ids: readonly string[]): Promise<readonly UserView[]> {
    const { items } = await this.caller.send<{ items: UserView[] }>({
      method: 'POST',
      path: '/users/lookup',
      body: { ids },
    });
    return items;
  }

  /** Users by any part of their names, best first. */
  searchUsers(query: string, page: PageAsk = {}): Promise<Page<UserView>> {
    return this.caller.send({ method: 'GET', path: '/users', query: { query, ...page } });
  }

  /** What one has chosen: who may write directly, and whether others see what one has read. */
  preferences(): Promise<PreferencesView> {
    return this.caller.send({ method: 'GET', path: '/preferences' });
  }

  /** Chooses anew; what is left out stays. */
  updatePreferences(change: Partial<PreferencesView>): Promise<PreferencesView> {
    return this.caller.send({ method: 'PATCH', path: '/preferences', body: change });
  }

  /** One's own rooms, with counters. */
  rooms(page: PageAsk = {}): Promise<Page<MemberRoomView>> {
    return this.caller.send({ method: 'GET', path: '/rooms', query: { ...page } });
  }

  /** Public rooms whose name begins with the query. */
  publicRooms(query?: string, page: PageAsk = {}): Promise<Page<RoomView>> {
    return this.caller.send({ method: 'GET', path: '/rooms/public', query: { query, ...page } });
  }

  /** One room; with counters for a member. */
  room(roomId: string): Promise<MemberRoomView | RoomView> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}` });
  }

  /**
   * Makes a room with the caller as its owner.
   *
   * @param key makes a repeat of the same call the same room; made up where it is left out
   */
  createRoom(draft: RoomDraft, key = this.caller.newId()): Promise<MemberRoomView> {
    return this.caller.send({ method: 'POST', path: '/rooms', body: draft, key });
  }

  /** Changes a room and how it is run. */
  updateRoom(roomId: string, changes: RoomChanges): Promise<MemberRoomView> {
    return this.caller.send({ method: 'PATCH', path: `/rooms/${roomId}`, body: changes });
  }

  /** Closes a room for writing, or opens it again. */
  archive(roomId: string, archived = true): Promise<void> {
    return this.caller.send({ method: 'POST', path: `/rooms/${roomId}/${archived ? 'archive' : 'unarchive'}` });
  }

  /** Makes another member the owner. */
  handOver(roomId: string, userId: string): Promise<void> {
    return this.caller.send({ method: 'POST', path: `/rooms/${roomId}/owner`, body: { userId } });
  }

  /** Sets a room's picture: JPEG, PNG, WebP, GIF or AVIF, up to `limits.pictureBytes`. */
  setRoomAvatar(roomId: string, picture: Blob): Promise<MemberRoomView> {
    const body = new FormData();
    body.append('file', picture);
    return this.caller.send({ method: 'PUT', path: `/rooms/${roomId}/avatar`, body });
  }

  /** Removes a room's picture; a made-up one stands in its place. */
  removeRoomAvatar(roomId: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/rooms/${roomId}/avatar` });
  }

  /** The one room with another user, made where there is none. */
  directRoom(userId: string): Promise<MemberRoomView> {
    return this.caller.send({ method: 'POST', path: '/rooms/direct', body: { userId } });
  }

  /** Joins a public room. */
  join(roomId: string): Promise<MemberRoomView> {
    return this.caller.send({ method: 'POST', path: `/rooms/${roomId}/join` });
  }

  leave(roomId: string): Promise<void> {
    return this.caller.send({ method: 'POST', path: `/rooms/${roomId}/leave` });
  }

  members(roomId: string, page: PageAsk = {}): Promise<Page<MemberView>> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/members`, query: { ...page } });
  }

  /** Adds a user to a room, or changes a member's role. */
  putMember(roomId: string, userId: string, role?: 'admin' | 'member'): Promise<MemberView> {
    return this.caller.send({ method: 'PUT', path: `/rooms/${roomId}/members/${userId}`, body: { role } });
  }

  /** Keeps a member from writing until a time (RFC 3339); null lets him write again. */
  muteMember(roomId: string, userId: string, mutedUntil: string | null): Promise<MemberView> {
    return this.caller.send({ method: 'PUT', path: `/rooms/${roomId}/members/${userId}`, body: { mutedUntil } });
  }

  removeMember(roomId: string, userId: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/rooms/${roomId}/members/${userId}` });
  }

  /** What one may do in a room. */
  abilities(roomId: string): Promise<AbilitiesView> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/abilities` });
  }

  /** Changes what one hears of a room, and what one calls it. */
  updateOwnSettings(roomId: string, settings: OwnSettings): Promise<MemberRoomView> {
    return this.caller.send({ method: 'PATCH', path: `/rooms/${roomId}/me`, body: settings });
  }

  /** All private state, a page of rooms at a time. */
  sync(cursor?: string): Promise<SyncView> {
    return this.caller.send({ method: 'GET', path: '/sync', query: { cursor } });
  }

  /** Several users' presence, those that exist. */
  async presence(userIds: readonly string[]): Promise<readonly PresenceView[]> {
    const query = { userIds: userIds.join() };
    return (await this.caller.send<PresencesView>({ method: 'GET', path: '/presence', query })).items;
  }

  /** How oneself is shown; `away` is about the connections of this login. */
  setPresence(presence: SetPresence): Promise<PresenceView> {
    return this.caller.send({ method: 'PUT', path: '/presence/me', body: presence });
  }

  /** The members of a room who are here. */
  online(roomId: string, page: PageAsk = {}): Promise<OnlineView> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/online`, query: { ...page } });
  }

  async #signIn(path: string, body: unknown): Promise<MeView> {
    const tokens = await this.caller.http.call<TokensView>({ method: 'POST', path, body });
    this.caller.tokens.accept(tokens);
    return tokens.user;
  }
}
