import { WebSocket } from 'ws';
import { ParleyClient } from '../../../sdk/client.js';
import type { SocketClass } from '../../../sdk/socket.js';
import type { LoginStore } from '../../../sdk/tokens.js';
import type { PeopleLists } from '../../../sdk/people-book.js';
import type { FriendRequestView, FriendView, PresenceView, SyncView } from '../../../src/protocol/views.js';

/** Frames that are remembered. */
const PAST = 60;
const AWAY_MS = { firstRetryMs: 50, maxRetryMs: 200 };

/** What a device shows, or the server says, of each room by its id, and of people. */
export type Picture = Readonly<Record<string, unknown>>;

/** One device of somebody: the SDK, with a network that can be cut, and a count of what it had to read afresh. */
export class WalkDevice {
  readonly client: ParleyClient;
  /** Reads of `GET /sync` since it was last online, each as what had come before it: the protocol needs none. */
  readonly freshReads: string[] = [];
  /** The last things that happened to it, in short. */
  private readonly past: string[] = [];
  private readonly sockets = new Set<WebSocket>();

  constructor(url: string, login: LoginStore) {
    const { sockets } = this;
    const note = (what: string) => this.note(what);
    class Cuttable extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { perMessageDeflate: false });
        sockets.add(this);
        this.on('close', () => sockets.delete(this));
        this.on('message', (data: Buffer) => note(inShort(data.toString())));
      }
    }
    this.client = new ParleyClient({
      url,
      login,
      people: true,
      webSocket: Cuttable as unknown as SocketClass,
      timing: AWAY_MS,
      fetch: (input, init) => {
        if (typeof input === 'string' && new URL(input).pathname.endsWith('/sync'))
          this.freshReads.push(this.past.join('\n'));
        return fetch(input, init);
      },
    });
    this.client.on('connection', ({ state }) => {
      this.note(`-- ${state}`);
      if (state === 'online') this.freshReads.splice(0);
    });
  }

  private note(what: string): void {
    this.past.push(`${Date.now() % 100_000} ${what}`);
    if (this.past.length > PAST) this.past.shift();
  }

  /** Loses the connection without a goodbye; it comes back by itself. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  /** What it shows. */
  picture(): Picture {
    const { friends, requests, blocks } = this.client.people;
    const rooms = Object.fromEntries(
      [...this.client.rooms].map(([id, room]) => {
        const { lastRev: headRev, headSeq, readSeq, readVersion, unread, mentions } = room;
        return [id, { ...fieldsOf({ ...room.view }), headRev, headSeq, readSeq, readVersion, unread, mentions }];
      }),
    );
    const seen = [...friends.keys()].flatMap((id) => this.client.presence.of(id) ?? []);
    return { ...rooms, ...peopleOf([...friends.values()], [...requests.values()], [...blocks]), ...presenceOf(seen) };
  }
}

const inShort = (text: string): string => {
  const parsed = JSON.parse(text) as Record<string, any> | Record<string, any>[];
  return Array.isArray(parsed) ? parsed.map(nameOf).join(' + ') : nameOf(parsed);
};

const nameOf = (frame: Record<string, any>): string => {
  const { event, userRev, roomId, rev, data } = frame;
  return [event, userRev && `userRev ${userRev}`, roomId, rev && `rev ${rev}`, data?.userRev, data?.code]
    .filter(Boolean)
    .join(' ');
};

/** What fresh answers say, in the same form. */
export function pictureOf(pages: readonly SyncView[], people: PeopleLists, presence: readonly PresenceView[]): Picture {
  const { friends, incoming, outgoing, blocks } = people;
  const rooms = Object.fromEntries(pages.flatMap((page) => page.rooms).map((room) => [room.id, fieldsOf({ ...room })]));
  const blocked = blocks.map(({ user }) => user.id);
  return { ...rooms, ...peopleOf(friends, [...incoming, ...outgoing], blocked), ...presenceOf(presence) };
}

/** Names and profiles of others come with the lists and have no event. */
function peopleOf(
  friends: readonly FriendView[],
  requests: readonly FriendRequestView[],
  blocked: readonly string[],
): Picture {
  return {
    friends: friends.map(({ id, alias, since }) => `${id} ${alias} ${since}`).sort(),
    requests: requests.map(({ id, from, to }) => `${id} ${from.id} ${to.id}`).sort(),
    blocked: [...blocked].sort(),
  };
}

/** How friends are; when they were last seen is stored from time to time without an event. */
const presenceOf = (seen: readonly PresenceView[]): Picture => ({
  presence: seen.map(({ userId, state, text, emoji }) => `${userId} ${state} ${text} ${emoji}`).sort(),
});

/**
 * What is the same for a client and a fresh answer. The newest message is a matter of the room's log, and the profile of
 * the other one of a direct room has no event.
 */
function fieldsOf(view: Record<string, unknown>): Picture {
  const { lastMessage: _, peer, ...fields } = view;
  return { ...fields, peer: (peer as { id?: string } | null)?.id };
}
