import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { InstallationService } from '../database/installation.service.js';
import { FriendsQueries } from '../friends/friends.queries.js';
import type { SyncView } from '../protocol/views.js';
import { RoomsService } from '../rooms/rooms.service.js';
import { UsersQueries } from '../users/users.queries.js';
import { ReadyQueries } from './ready.queries.js';

/** The private state of a user, for clients that lost an event or have no socket. */
@Injectable()
export class SyncService {
  constructor(
    private readonly installation: InstallationService,
    private readonly users: UsersQueries,
    private readonly ready: ReadyQueries,
    private readonly rooms: RoomsService,
    private readonly friends: FriendsQueries,
  ) {}

  /**
   * `userRev` is read first: what becomes his while this is read comes as an event above it. `unread` counts all rooms,
   * not only those of the page.
   */
  async read(principal: Principal, page: { cursor?: string; limit: number }): Promise<SyncView> {
    const { rev } = await this.users.get(principal.userId);
    const { items, next } = await this.rooms.list(principal, page);
    const heads = await this.ready.listHeads(principal.userId);
    const counters = await this.ready.toReadyRooms(principal.userId, heads);
    return {
      epoch: this.installation.epoch,
      userRev: rev,
      rooms: items,
      friends: await this.friends.countRequests(principal.userId),
      unread: counters.reduce((sum, room) => sum + room.unread, 0),
      mentions: counters.reduce((sum, room) => sum + room.mentions, 0),
      next,
    };
  }
}
