import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { PresenceNews } from './presence-news.service.js';
import { PresenceQueries } from './presence.queries.js';

/** Finds whose status has ended by itself. */
@Injectable()
export class EndedStatuses {
  private until: number;

  constructor(
    private readonly clock: Clock,
    private readonly queries: PresenceQueries,
    private readonly news: PresenceNews,
  ) {
    this.until = clock.now();
  }

  /** Notes those whose status has ended since the last call. */
  async noteEnded(): Promise<void> {
    const now = this.clock.now();
    this.news.note(await this.queries.endedStatuses(this.until, now));
    this.until = now;
  }
}
