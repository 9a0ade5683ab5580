import { Injectable } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { Gate } from '../common/gate.js';
import { decodeCursor, encodeCursor } from '../common/page-cursor.js';
import { RateLimits } from '../limits/rate-limits.js';
import { MessageViews } from '../messages/message-views.service.js';
import type { FoundView, SearchView } from '../protocol/search-views.js';
import type { MessageView } from '../protocol/views.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import type { ShownMessage } from '../rooms/message.view.js';
import { RoomAccess } from '../rooms/room-access.js';
import { type Has, hasOf } from './has.js';
import { type IndexQuestion, type Place, type RoomToSearch, SearchIndex } from './search-index.js';
import { type SearchableRoom, SearchQueries } from './search.queries.js';
import { type Phrase, phrasesOf, stretchesOf } from './search-query.js';
import { runsOf } from './index/terms.js';

/** Times that the index is asked for one page: what it proposes may not be a match any more. */
const ROUNDS = 5;
/** Messages that are read at once, and UTF-16 units of text that are looked through without a break. */
const READ = 25;
const UNITS = 50_000;
/** A search keeps the index's thread busy for some milliseconds. */
const BOUNDS = { atOnce: 4, waiting: 100, retryAfterMs: 1000 };

/** What somebody looks for. */
export interface MessageSearch {
  readonly q?: string;
  readonly roomId?: string;
  readonly senderId?: string;
  readonly has?: Has;
  /** RFC 3339, both included. */
  readonly from?: string;
  readonly to?: string;
  readonly cursor?: string;
  readonly limit: number;
}

interface Found {
  readonly place: Place;
  readonly row: ShownMessage;
  readonly matches: FoundView['matches'];
}

/** Search over messages. The index proposes, the rows decide. */
@Injectable()
export class SearchService {
  private readonly gate = new Gate(BOUNDS);

  constructor(
    private readonly limits: RateLimits,
    private readonly access: RoomAccess,
    private readonly index: SearchIndex,
    private readonly queries: SearchQueries,
    private readonly views: MessageViews,
  ) {}

  /**
   * Messages in which all of `q` occurs, in one room or in all of the caller's, the newest first: present texts alone,
   * of rooms in which he is a member at this moment, from the first rev that he may see. A page may have fewer than
   * `limit` and a `next` all the same.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` for somebody who is no member of the room; `VALIDATION_FAILED` where
   *   nothing is looked for; `RATE_LIMITED`; `UNAVAILABLE` when the index cannot be asked, or too many do
   */
  async find(principal: Principal, search: MessageSearch): Promise<SearchView> {
    this.limits.take('searches', principal.userId);
    const phrases = requirePhrases(search);
    const question = toQuestion(search, phrases);
    const rooms = (await this.roomsOf(principal, search.roomId)).map(toSearched);
    return this.gate.run(() => this.search({ principal, phrases, search }, { ...question, rooms }));
  }

  private async roomsOf(principal: Principal, roomId: string | undefined): Promise<readonly SearchableRoom[]> {
    if (roomId !== undefined) return [await this.access.requireReader(principal, roomId)];
    return this.queries.roomsOf(principal.userId);
  }

  private async search(asked: Asked, question: IndexQuestion): Promise<SearchView> {
    const { limit } = asked.search;
    const found: Found[] = [];
    let below = question.below;
    let [indexed, total] = [0, 0];
    for (let round = 0; round < ROUNDS && found.length <= limit; round++) {
      const wanted = limit + 1 - found.length;
      const answer = await this.index.find({ ...question, below, limit: wanted });
      if (round === 0) [indexed, total] = [answer.indexed, answer.total];
      found.push(...(await this.shown(asked, answer.hits)));
      below = answer.end;
      // The index may have stopped before it had as many, since it has looked through enough for one request.
      if (below === null || answer.hits.length < wanted) break;
    }
    const items = await this.show(asked, found.slice(0, limit));
    const last = found.length > limit ? found[limit - 1].place : below;
    const complete = indexed === total;
    const progress = complete ? 100 : Math.min(99, Math.floor((100 * indexed) / total));
    return { items, next: last && encodeCursor([last.at, last.roomId, last.rev]), complete, progress };
  }

  /** Those of the places whose messages match as they are now and may be seen, in the same order. */
  private async shown(asked: Asked, places: readonly Place[]): Promise<Found[]> {
    const found: Found[] = [];
    let units = 0;
    for (let at = 0; at < places.length; at += READ) {
      const rows = await this.queries.visible(asked.principal.userId, places.slice(at, at + READ));
      for (const row of inOrderOf(places, rows)) {
        found.push(...foundIn(row, asked));
        units = await this.pause(units + (row.text?.length ?? 0));
      }
    }
    return found;
  }

  /** Lets others have the event loop when much text was looked through. */
  private async pause(units: number): Promise<number> {
    if (units < UNITS) return units;
    await turn();
    return 0;
  }

  /** What was found, room by room as the caller may see it; nothing of a room that he is not in any more. */
  private async show({ principal }: Asked, found: readonly Found[]): Promise<FoundView[]> {
    const rooms = new Map<string, ShownMessage[]>();
    for (const { row } of found) rooms.set(row.roomId, [...(rooms.get(row.roomId) ?? []), row]);
    const shown = await Promise.all([...rooms].map(([roomId, rows]) => this.showIn(principal, roomId, rows)));
    const byId = new Map(shown.flat().map((view) => [view.id, view]));
    return found.flatMap(({ row, matches }) => {
      const view = byId.get(row.id);
      return view ? [{ ...view, matches }] : [];
    });
  }

  private async showIn(
    principal: Principal,
    roomId: string,
    rows: readonly ShownMessage[],
  ): Promise<readonly MessageView[]> {
    const head = await this.access.requireReader(principal, roomId).catch((error: unknown) => {
      if (error instanceof ChatError) return null;
      throw error;
    });
    return head ? this.views.show({ principal, head }, rows) : [];
  }
}

interface Asked {
  readonly principal: Principal;
  readonly phrases: readonly Phrase[];
  readonly search: MessageSearch;
}

function inOrderOf(places: readonly Place[], rows: readonly ShownMessage[]): ShownMessage[] {
  const byPlace = new Map(rows.map((row) => [`${row.roomId} ${row.rev}`, row]));
  return places.flatMap(({ roomId, rev }) => byPlace.get(`${roomId} ${rev}`) ?? []);
}

const toSearched = (room: SearchableRoom): RoomToSearch => ({
  id: room.roomId,
  from: firstVisibleRev(room),
  headRev: Number(room.headRev),
});

function requirePhrases({ q, senderId, has }: MessageSearch): Phrase[] {
  const phrases = q === undefined ? [] : phrasesOf(q);
  if (q !== undefined && runsOf(phrases).length === 0) {
    throw refused('must hold a word, or two characters of Chinese, Japanese or Korean next to each other');
  }
  if (q === undefined && senderId === undefined && has === undefined) {
    throw refused('is needed where neither senderId nor has is given');
  }
  return phrases;
}

const refused = (message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path: 'q', code: 'search', message }] });

function toQuestion(search: MessageSearch, phrases: readonly Phrase[]): Omit<IndexQuestion, 'rooms'> {
  const { senderId = null, has = null, from, to, cursor, limit } = search;
  const since = from === undefined ? 0 : Date.parse(from);
  const until = to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to) + 1;
  const below = cursor === undefined ? null : placeOf(cursor);
  return { runs: runsOf(phrases), senderId, has, since, until, below, limit };
}

function placeOf(cursor: string): Place {
  const [at, roomId, rev] = decodeCursor(cursor, ['number', 'ulid', 'number']);
  return { at, roomId, rev };
}

/** The message as it is found; nothing where it is no match as it is now. */
function foundIn(row: ShownMessage, { phrases, search }: Asked): Found[] {
  const text = row.text ?? '';
  if (search.senderId !== undefined && row.senderId !== search.senderId) return [];
  if (search.has !== undefined && !hasOf(text, row.payload).includes(search.has)) return [];
  const matches = stretchesOf(text, phrases);
  const place = { at: row.createdAt, roomId: row.roomId, rev: row.rev };
  return matches ? [{ place, row, matches }] : [];
}
