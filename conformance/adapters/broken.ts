import * as clients from './broken-clients.js';
import * as links from './broken-links.js';
import * as rooms from './broken-rooms.js';
import { SmallClient } from './small-client.js';
import type { SmallLink } from './small-link.js';
import type { SmallOutbox } from './small-outbox.js';
import type { SmallRoom, Standing } from './small-room.js';

/** A client with one fault. `fails`: the vectors, or files of vectors, that have to find it: these and no others. */
export interface BrokenClient {
  readonly name: string;
  readonly Client: new () => SmallClient;
  readonly fails: readonly string[];
}

type Room = new (standing: Standing, me: string) => SmallRoom;

const withRoom = (BrokenRoom: Room): new () => SmallClient =>
  class extends SmallClient {
    protected override createRoom(standing: Standing): SmallRoom {
      return new BrokenRoom(standing, this.me);
    }
  };

const withLink = (BrokenLink: new () => SmallLink): new () => SmallClient =>
  class extends SmallClient {
    protected override createLink(): SmallLink {
      return new BrokenLink();
    }
  };

const withOutbox = (BrokenOutbox: new (link: SmallLink) => SmallOutbox): new () => SmallClient =>
  class extends SmallClient {
    protected override createOutbox(): SmallOutbox {
      return new BrokenOutbox(this.link);
    }
  };

/** Every one of them, with what has to find it. */
export const BROKEN: readonly BrokenClient[] = [
  {
    name: 'takes-duplicates',
    Client: withRoom(rooms.TakesDuplicates),
    fails: ['duplicate-reaction', 'duplicate', 'missed-reaction', 'reordering'],
  },
  {
    name: 'ignores-gaps',
    Client: withRoom(rooms.IgnoresGaps),
    fails: ['changes-refused', 'gap', 'late-answer', 'late-edit', 'live-while-pulling', 'pages', 'reordering'],
  },
  {
    name: 'ignores-skips',
    Client: withRoom(rooms.IgnoresSkips),
    fails: ['batch', 'skip-missed', 'skip-to-end', 'skip'],
  },
  { name: 'keeps-window', Client: withRoom(rooms.KeepsWindow), fails: ['reset', 'stale-at-start'] },
  { name: 'takes-the-latest', Client: withRoom(rooms.TakesTheLatest), fails: ['late-edit'] },
  {
    name: 'ignores-changes',
    Client: withRoom(rooms.IgnoresChanges),
    fails: ['late-answer', 'live-changes', 'missed-delete', 'missed-edit', 'missed-pin', 'missed-reaction'],
  },
  {
    name: 'forgets-own-reactions',
    Client: withRoom(rooms.ForgetsOwnReactions),
    fails: ['missed-reaction', 'reactions'],
  },
  {
    name: 'ignores-read-versions',
    Client: withRoom(rooms.IgnoresReadVersions),
    fails: ['private-duplicate', 'read-elsewhere'],
  },
  { name: 'counts-its-own', Client: withRoom(rooms.CountsItsOwn), fails: ['send', 'unread'] },
  { name: 'ignores-all', Client: withRoom(rooms.IgnoresAll), fails: ['mentions'] },
  { name: 'takes-one-page', Client: withRoom(rooms.TakesOnePage), fails: ['late-answer', 'pages'] },
  { name: 'ignores-stale', Client: clients.IgnoresStale, fails: ['stale'] },
  { name: 'ignores-user-stale', Client: clients.IgnoresUserStale, fails: ['user-stale'] },
  { name: 'ignores-private-gaps', Client: clients.IgnoresPrivateGaps, fails: ['private-duplicate', 'private-gap'] },
  { name: 'ignores-user-skip', Client: clients.IgnoresUserSkip, fails: ['user-skip'] },
  { name: 'keeps-its-epoch', Client: clients.KeepsItsEpoch, fails: ['epoch'] },
  {
    name: 'forgets-its-cursor',
    Client: clients.ForgetsItsCursor,
    fails: [
      'close-authenticate',
      'close-reconnect',
      'close-without-goodbye',
      'cursor',
      'epoch',
      'limit-rooms',
      'live-while-pulling',
      'missed-open',
      'missed-reaction',
      'silence',
      'skip-missed',
      'skip-to-end',
      'stale-at-start',
    ],
  },
  {
    name: 'forgets-closed-rooms',
    Client: clients.ForgetsClosedRooms,
    fails: [
      'live-while-pulling',
      'missed-created-edited',
      'missed-delete',
      'missed-edit',
      'missed-other',
      'missed-pin',
      'reset',
    ],
  },
  { name: 'keeps-rooms', Client: clients.KeepsRooms, fails: ['room-gone-away'] },
  { name: 'keeps-copies', Client: clients.KeepsCopies, fails: ['joined-again'] },
  { name: 'ignores-limits', Client: clients.IgnoresLimits, fails: ['limit-rooms'] },
  {
    name: 'forgets-to-resend',
    Client: withOutbox(links.ForgetsToResend),
    fails: ['send-ack-lost', 'send-duplicate', 'send-order', 'send-unheard'],
  },
  {
    name: 'resends-with-new-ids',
    Client: withOutbox(links.ResendsWithNewIds),
    fails: ['send-ack-lost', 'send-duplicate', 'send-order', 'send-unheard'],
  },
  { name: 'gives-up-early', Client: withOutbox(links.GivesUpEarly), fails: ['send-refused'] },
  {
    name: 'never-gives-up',
    Client: withOutbox(links.NeverGivesUp),
    fails: ['send-behind-refused', 'send-refused-for-good'],
  },
  { name: 'ignores-expiry', Client: withLink(links.IgnoresExpiry), fails: ['token-refresh'] },
  {
    name: 'keeps-its-token',
    Client: withLink(links.KeepsItsToken),
    fails: ['close-authenticate', 'close-unknown', 'start-refused'],
  },
  {
    name: 'never-stops',
    Client: withLink(links.NeverStops),
    fails: ['close-code-alone', 'close-stop', 'close-unknown'],
  },
  {
    name: 'stops-at-once',
    Client: withLink(links.StopsAtOnce),
    fails: [
      'backoff',
      'close-authenticate',
      'close-reconnect',
      'close-unknown',
      'close-without-goodbye',
      'cursor',
      'epoch',
      'limit-rooms',
      'live-while-pulling',
      'missed-created-edited',
      'missed-delete',
      'missed-edit',
      'missed-open',
      'missed-other',
      'missed-pin',
      'missed-reaction',
      'private-missed',
      'reset',
      'retry-after',
      'room-gone-away',
      'send-ack-lost',
      'send-away',
      'send-duplicate',
      'send-order',
      'send-refused-for-good',
      'send-unheard',
      'silence',
      'skip-missed',
      'skip-to-end',
      'stale-at-start',
      'start-refused',
    ],
  },
  { name: 'ignores-retry-after', Client: withLink(links.IgnoresRetryAfter), fails: ['retry-after'] },
  { name: 'has-no-jitter', Client: withLink(links.HasNoJitter), fails: ['backoff'] },
  { name: 'ignores-batches', Client: withLink(links.IgnoresBatches), fails: ['batch'] },
  { name: 'ignores-silence', Client: withLink(links.IgnoresSilence), fails: ['silence'] },
  { name: 'sends-any-size', Client: withLink(links.SendsAnySize), fails: ['limit-frame'] },
  { name: 'counts-notices', Client: withRoom(rooms.CountsNotices), fails: ['notices', 'room-updated'] },
  {
    name: 'mixes-rooms',
    Client: clients.MixesRooms,
    fails: ['joined-again', 'limit-rooms', 'other-room', 'room-added', 'room-gone-away'],
  },
  { name: 'reads-without-version', Client: clients.ReadsWithoutVersion, fails: ['read'] },
  { name: 'ignores-gone', Client: clients.IgnoresGone, fails: ['joined-again', 'room-gone'] },
  { name: 'asks-for-nothing', Client: clients.AsksForNothing, fails: ['stale-at-start', 'stale-known'] },
  { name: 'refuses-the-unknown', Client: clients.RefusesTheUnknown, fails: ['unknown'] },
  { name: 'loses-the-late', Client: clients.LosesTheLate, fails: ['user-close'] },
  { name: 'forgets-mentions', Client: clients.ForgetsMentions, fails: ['start'] },
];
