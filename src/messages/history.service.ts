import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { withJson } from '../common/json.js';
import { decodeCursor, encodeCursor } from '../common/page-cursor.js';
import type { MessageView, Page } from '../protocol/views.js';
import { type ShownMessage, messageJson, toMessageView } from '../rooms/message.view.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import { RoomAccess } from '../rooms/room-access.js';
import type { MemberHead } from '../rooms/room.queries.js';
import { MessageAccess } from './message-access.js';
import { MessageViews } from './message-views.service.js';
import { type Bounded, MessageQueries } from './message.queries.js';

/** Where a page of history lies: at most one of these; none is the newest page. Values are revs. */
export interface HistoryPlace {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  /** RFC 3339. */
  readonly at?: string;
  readonly cursor?: string;
}

/** Pages of a room's history. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly access: RoomAccess,
    private readonly seen: MessageAccess,
    private readonly queries: MessageQueries,
    private readonly views: MessageViews,
  ) {}

  /**
   * A page, ascending by rev whatever its place. `next` leads to newer messages, `prev` to older ones; null where
   * there are none now.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` for somebody who is no member
   */
  async list(
    principal: Principal,
    place: HistoryPlace & { roomId: string; limit: number },
  ): Promise<Page<MessageView>> {
    const head = await this.access.requireReader(principal, place.roomId);
    const { items, next, prev } = await this.page(head, place);
    return withJson({ items: await this.views.show({ principal, head }, items), next, prev }, pageJson);
  }

  private async page(
    head: MemberHead,
    place: HistoryPlace & { roomId: string; limit: number },
  ): Promise<Page<ShownMessage>> {
    const floor = floorOf(head);
    const { limit } = place;
    const { before, after, around, at } = oneOf(place);
    // Bounded by the head that was read with the membership: of a member who is removed meanwhile, nothing later is shown.
    const end = Number(head.headRev) + 1;
    const whole = { roomId: place.roomId, after: floor, before: end };
    if (after !== undefined) return this.newer({ ...whole, after: Math.max(after, floor) }, limit, floor);
    if (around !== undefined) return this.around(whole, around, limit);
    if (at !== undefined)
      return this.newer({ ...whole, after: (await this.queries.revAt(whole, Date.parse(at))) - 1 }, limit, floor);
    return this.older({ ...whole, before: Math.min(before ?? end, end) }, limit, Number(head.newestRev));
  }

  /** One message. Throws `NOT_FOUND` where there is none that the caller may see. */
  async get(principal: Principal, id: string): Promise<MessageView> {
    const { message, head } = await this.seen.requireSeen(principal, { id });
    return this.views.showOne({ principal, head }, message);
  }

  /** A message of the caller's own; where he may not read the room any more, without what others made of it. */
  async getOwn(principal: Principal, id: string): Promise<MessageView> {
    const message = await this.queries.find(id);
    if (message?.senderId !== principal.userId) throw new ChatError('NOT_FOUND');
    return this.get(principal, id).catch((error: unknown) => {
      if (!(error instanceof ChatError)) throw error;
      return { ...toMessageView(message), lastRev: message.rev, reactions: [], pinned: false };
    });
  }

  private async older(stretch: Bounded, limit: number, newest: number): Promise<Page<ShownMessage>> {
    const rows = await this.queries.newest(stretch, limit + 1);
    const hasOlder = rows.length > limit;
    const shown = hasOlder ? rows.slice(1) : rows;
    return toPage(shown, { hasOlder, hasNewer: stretch.before <= newest, edge: stretch.before });
  }

  private async newer(stretch: Bounded, limit: number, floor: number): Promise<Page<ShownMessage>> {
    const rows = await this.queries.oldest(stretch, limit + 1);
    const hasNewer = rows.length > limit;
    const shown = hasNewer ? rows.slice(0, limit) : rows;
    // The first rev that a member sees has its row: only later ones can be changes of a message that was there before.
    return toPage(shown, { hasOlder: stretch.after > floor, hasNewer, edge: stretch.after + 1 });
  }

  /** Half of the page lies below the rev, the rest begins at it. */
  private async around(whole: Bounded, rev: number, limit: number): Promise<Page<ShownMessage>> {
    const half = Math.floor(limit / 2);
    const below = await this.queries.newest({ ...whole, before: Math.min(rev, whole.before) }, half + 1);
    const shownBelow = below.length > half ? below.slice(1) : below;
    const room = limit - shownBelow.length;
    const above = await this.queries.oldest({ ...whole, after: Math.max(rev - 1, whole.after) }, room + 1);
    const shown = [...shownBelow, ...above.slice(0, room)];
    return toPage(shown, { hasOlder: below.length > half, hasNewer: above.length > room, edge: rev });
  }
}

/** Nothing at or below this rev is shown to the member. */
const floorOf = (head: MemberHead): number => firstVisibleRev(head) - 1;

interface Edges {
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** The rev where an empty page lies. */
  readonly edge: number;
}

function toPage(rows: readonly ShownMessage[], { hasOlder, hasNewer, edge }: Edges): Page<ShownMessage> {
  const first = rows[0]?.rev ?? edge;
  const last = rows.at(-1)?.rev ?? edge - 1;
  return {
    items: rows,
    next: hasNewer ? encodeCursor(['after', last]) : null,
    prev: hasOlder ? encodeCursor(['before', first]) : null,
  };
}

/** A fifth of what a page costs would go into finding nothing to escape in ids and times. */
export const pageJson = ({ items, next, prev }: Page<MessageView>): string =>
  `{"items":[${items.map(messageJson).join(',')}],"next":${JSON.stringify(next)},"prev":${JSON.stringify(prev)}}`;

function oneOf(place: HistoryPlace): HistoryPlace {
  const { before, after, around, at, cursor } = place;
  if ([before, after, around, at, cursor].filter((value) => value !== undefined).length > 1) {
    throw refused('', 'at most one of before, after, around, at and cursor may be given');
  }
  return cursor === undefined ? place : placeOf(cursor);
}

function placeOf(cursor: string): HistoryPlace {
  const [side, rev] = decodeCursor(cursor, ['string', 'number']);
  if (side === 'after') return { after: rev };
  if (side === 'before') return { before: rev };
  throw refused('cursor', 'must be a cursor of this list');
}

const refused = (path: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path, code: 'place', message }] });
