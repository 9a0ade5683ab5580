import { Injectable } from '@nestjs/common';

/** What nodes tell each other of presence: whom others see differently, and pairs who see each other differently. */
export interface News {
  readonly userIds: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
}

/** What is to be told to those who watch, until the next second tells it. */
@Injectable()
export class PresenceNews {
  private userIds = new Set<string>();
  private pairs: (readonly [string, string])[] = [];

  /** Others see these users differently. */
  note(userIds: Iterable<string>): void {
    for (const userId of userIds) this.userIds.add(userId);
  }

  /** The two see each other differently, however they are. */
  notePair(pair: readonly [string, string]): void {
    this.pairs.push(pair);
  }

  /** What has gathered since the last call. */
  take(): News {
    const taken = { userIds: [...this.userIds], pairs: this.pairs };
    this.userIds = new Set();
    this.pairs = [];
    return taken;
  }
}
