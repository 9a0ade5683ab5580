import type { Events, MemberChange } from '../src/protocol/events.js';
import type { MeView, MessageView, PresenceView } from '../src/protocol/views.js';
import type { ParleyError } from './errors.js';
import type { ConnectionStatus } from './link.js';
import type { PendingMessage } from './outbox-entry.js';
import type { OutboxStore } from './outbox-store.js';
import type { PeopleBook } from './people-book.js';
import type { RoomState } from './room-state.js';
import type { SocketClass } from './socket.js';
import type { Timing } from './timing.js';
import type { LoginStore } from './tokens.js';
import type { TypingNews } from './typing-book.js';

/** Where a client stands: enough for another one, in a new process or page, to go on without a hole. */
export interface ClientCursor {
  readonly epoch: string;
  /** The last rev applied, by room; as many as the server takes. */
  readonly rooms: Readonly<Record<string, number>>;
}

/** How a client is made. */
export interface ClientOptions {
  /** Where the server is: `https://chat.example.org`. */
  readonly url: string;
  /** The WebSocket class; needed where there is no global one (Node before 22). */
  readonly webSocket?: SocketClass;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Keeps the login over a restart. Default: it ends with the process. */
  readonly login?: LoginStore;
  /**
   * Keeps messages on their way over a reload: `indexedDbOutbox()` in browsers. Default: they end with the process.
   * `signOut` empties it; an end of the login that the user did not choose leaves his messages to his next login.
   */
  readonly outbox?: OutboxStore;
  /** Where an earlier client stood. Default: each room begins at its head, and history is loaded on demand. */
  readonly cursor?: ClientCursor;
  /** What the user calls this device. */
  readonly device?: string;
  /** `all` (default): every room in full. `open`: only opened rooms, and short news of the others. */
  readonly follow?: 'all' | 'open';
  /** Messages kept for each room, besides those that were loaded; older ones can be loaded again. Default 2,000. */
  readonly keep?: number;
  /** Whether friends, requests and blocks are kept as well. Default false: it costs some reads at each start. */
  readonly people?: boolean;
  readonly timing?: Partial<Timing>;
}

/** What a client tells, by name. */
export interface ClientEvents {
  readonly connection: ConnectionStatus;
  /** A message or notice that was not there before, live or caught up: once each, in each room's rev order. */
  readonly message: { readonly room: RoomState; readonly message: MessageView };
  /** A message in the window has changed. */
  readonly changed: { readonly room: RoomState; readonly message: MessageView };
  /** Somebody joined, left, was removed or has another role. */
  readonly member: { readonly room: RoomState; readonly event: string; readonly change: MemberChange };
  /** More was missed than is told one by one: the room's window begins anew, and history holds the rest. */
  readonly reset: { readonly room: RoomState };
  /** Anything of the room is different: messages, counters, name, pending messages. Comes often; draw once a frame. */
  readonly room: { readonly roomId: string };
  /** The list of rooms is different. */
  readonly rooms: ReadonlyMap<string, RoomState>;
  /** The user is not in this room any more, and why. */
  readonly gone: Events['room.gone'];
  /** A message of one's own that will not be sent again by itself, and why; it stays in `pending`. */
  readonly refused: { readonly message: PendingMessage; readonly error: ParleyError };
  readonly profile: MeView;
  /** How users are who are watched: a snapshot, or what has changed. */
  readonly presence: readonly PresenceView[];
  /** Somebody is writing, or has stopped, also by being silent for six seconds; `typing.in` says who is. */
  readonly typing: TypingNews;
  /** How far somebody has received and read, as it was told just now. */
  readonly receipt: Events['receipt'] & { readonly roomId: string };
  /** What is known of a room's receipts is different: states of one's own messages there may be. */
  readonly receipts: { readonly roomId: string };
  /** Friends, requests or blocks are different. */
  readonly people: PeopleBook;
  /** The login has ended; the client has stopped. */
  readonly signedOut: ParleyError;
  /** A fault that no call is waiting for. */
  readonly error: ParleyError;
}
