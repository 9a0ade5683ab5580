import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { toTime } from '../common/clock.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import type { OnlineView } from '../protocol/views.js';
import { RoomAccess } from '../rooms/room-access.js';
import { RoomQueries } from '../rooms/room.queries.js';
import { UsersService } from '../users/users.service.js';
import { PresenceAccess } from './presence-access.js';
import { type Present, PresenceStore } from './presence-store.js';

/** Members, or users who are here, that are looked at together. */
const STEP = 500;

/** Who of a room is here. */
@Injectable()
export class OnlineService {
  constructor(
    private readonly access: RoomAccess,
    private readonly rooms: RoomQueries,
    private readonly users: UsersService,
    private readonly store: PresenceStore,
    private readonly presence: PresenceAccess,
  ) {}

  /**
   * The members who are here, the caller among them, in the order of their ids, and how many there are. Who is
   * invisible is in nobody's list but his own, and who has blocked somebody, or was blocked, is not in that one's.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN` for an outsider of a public room; `VALIDATION_FAILED` for a bad cursor
   */
  async list(principal: Principal, ask: { roomId: string; cursor?: string; limit: number }): Promise<OnlineView> {
    const { roomId, cursor, limit } = ask;
    const [after] = cursor === undefined ? [''] : decodeCursor(cursor, ['ulid']);
    const { room } = await this.access.requireMember(principal, roomId);
    const isFewer = Number(room.memberCount) < (await this.store.count());
    const present = await (isFewer ? this.membersWhoAreHere(roomId) : this.presentWhoAreMembers(roomId));
    const isSeen = await this.sightOf(principal.userId, present);
    const seen = present.filter((one) => isSeen(one));
    const behind = seen.filter(({ userId }) => userId > after).slice(0, limit + 1);
    const page = toPage(behind, limit, ({ userId }) => encodeCursor([userId]));
    return { count: seen.length, items: await this.toItems(page.items), next: page.next };
  }

  private async sightOf(viewerId: string, present: readonly Present[]): Promise<(one: Present) => boolean> {
    const isHidden = await this.presence.between(
      [viewerId],
      present.map(({ userId }) => userId),
    );
    return ({ userId, state }) => userId === viewerId || (state !== 'invisible' && !isHidden(viewerId, userId));
  }

  private async membersWhoAreHere(roomId: string): Promise<Present[]> {
    const found: Present[] = [];
    let ids: string[];
    let after = '';
    do {
      ids = await this.rooms.memberIds(roomId, after, STEP);
      found.push(...(await this.store.read(ids)).values());
      after = ids.at(-1) ?? '';
    } while (ids.length === STEP);
    return found;
  }

  /** The same from the other side: in a room of many thousands hardly anybody may be here. */
  private async presentWhoAreMembers(roomId: string): Promise<Present[]> {
    const found: Present[] = [];
    let present: readonly Present[];
    let after = '';
    do {
      present = await this.store.list(after, STEP);
      const members = await this.rooms.membersAmong(
        roomId,
        present.map(({ userId }) => userId),
      );
      found.push(...present.filter(({ userId }) => members.has(userId)));
      after = present.at(-1)?.userId ?? '';
    } while (present.length === STEP);
    return found;
  }

  private async toItems(present: readonly Present[]): Promise<OnlineView['items']> {
    const users = await this.users.viewsOf(present.map(({ userId }) => userId));
    return present.flatMap(({ userId, state, since }) => {
      const user = users.get(userId);
      return user ? [{ user, state, since: toTime(since) }] : [];
    });
  }
}
