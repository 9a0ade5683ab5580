import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { fold, foldForSearch } from '../common/fold.js';
import { compareTails, tailOf } from '../common/name-tails.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import type { Page, UserView } from '../protocol/views.js';
import { DirectoryQueries, type NameRow } from './directory.queries.js';
import type { User } from './user.entity.js';
import { toUserView } from './user.view.js';
import { tailsOfUser } from './user-name-rows.js';

/** Names that one request reads at most; a page that is not full by then has a `next` all the same. */
const MOST_READ = 1000;
/** The place of somebody whose user name is exactly what was asked for. */
const EXACT = -1;

interface Search {
  readonly query: string;
  readonly cursor?: string;
  readonly limit: number;
}

interface Asked {
  /** What was asked for, folded for search. */
  readonly part: string;
  readonly usernameKey: string;
  /** The beginning of the part, as far as tails are stored. */
  readonly start: string;
}

interface Found extends NameRow {
  readonly user: User;
}

/** Who is here, by name. */
@Injectable()
export class Directory {
  constructor(
    private readonly queries: DirectoryQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Active users by any part of the user name or the display name, without regard to case, width and accents. First
   * whose user name it is, then who is called so or whose name begins so, then those with such a word, then the others;
   * each user once, at his best place. A page is full unless a thousand names were looked at for it.
   *
   * @throws ChatError `VALIDATION_FAILED` for a cursor of another search
   */
  async search(_principal: Principal, { query, cursor, limit }: Search): Promise<Page<UserView>> {
    const part = foldForSearch(query);
    const asked = { part, usernameKey: fold(query), start: tailOf(part) };
    const behind = cursor === undefined ? null : placeOf(cursor, asked.start);
    // Nothing but accents is left of nothing but accents.
    const { found, next } = part === '' ? { found: [], next: null } : await this.gather(asked, behind, limit + 1);
    const page = toPage(found, limit, cursorOf);
    const now = this.clock.now();
    return { items: page.items.map(({ user }) => toUserView(user, now)), next: page.next ?? (next && cursorOf(next)) };
  }

  /** Up to `most` users; and where the search stopped without having seen all. */
  private async gather(
    asked: Asked,
    behind: NameRow | null,
    most: number,
  ): Promise<{ found: Found[]; next: NameRow | null }> {
    const found = behind ? [] : await this.exact(asked);
    let read = 0;
    for await (const rows of this.queries.batches(asked.start, behind, most)) {
      found.push(...(await this.best(asked, rows)));
      read += rows.length;
      if (found.length >= most) break;
      if (read >= MOST_READ && rows.length > 0) return { found, next: rows[rows.length - 1] };
    }
    return { found, next: null };
  }

  private async exact({ usernameKey }: Asked): Promise<Found[]> {
    const user = await this.queries.findByName(usernameKey);
    return user ? [{ user, place: EXACT, tail: '', userId: user.id }] : [];
  }

  /** Those for whom this is the best of all places at which they match; at the others they are passed over. */
  private async best(asked: Asked, rows: readonly NameRow[]): Promise<Found[]> {
    const users = await this.queries.activeUsers(rows.map(({ userId }) => userId));
    return rows.flatMap((row) => {
      const user = users.get(row.userId);
      return user && isBest(user, asked, row) ? [{ ...row, place: Number(row.place), user }] : [];
    });
  }
}

function isBest(user: User, { part, usernameKey }: Asked, { place, tail }: NameRow): boolean {
  if (user.usernameKey === usernameKey) return false;
  const matching = tailsOfUser(user).filter(({ whole }) => whole.startsWith(part));
  const [first] = matching.sort(compareTails);
  return first !== undefined && first.place === Number(place) && first.tail === tail;
}

const cursorOf = ({ place, tail, userId }: NameRow): string => encodeCursor([Number(place), tail, userId]);

/** A tail that does not begin like what is asked for would widen the search to everything between the two. */
function placeOf(cursor: string, start: string): NameRow {
  const [place, tail, userId] = decodeCursor(cursor, ['number', 'string', 'ulid']);
  if (tail.startsWith(start) || place === EXACT) return { place, tail, userId };
  const errors = [{ path: 'cursor', code: 'cursor', message: 'must be a cursor of this search' }];
  throw new ChatError('VALIDATION_FAILED', { errors });
}
