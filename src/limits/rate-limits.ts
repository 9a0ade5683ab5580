import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import { type Rate, RateLimiter } from './rate-limiter.js';

const MINUTE = 60;
const HOUR = 3600;

/** What is limited: sockets and REST by user, doors by account or address. */
export type RateName =
  | 'requests'
  | 'commands'
  | 'sends'
  | 'friendRequests'
  | 'uploads'
  | 'exports'
  | 'pictures'
  | 'searches'
  | 'inviteGuesses'
  | 'loginsOfAccount'
  | 'loginsOfAddress'
  | 'accountsOfAddress';

/** The rates of this node. All connections of a user share his. */
@Injectable()
export class RateLimits {
  private readonly limiters: Readonly<Record<RateName, RateLimiter>>;

  constructor(config: AppConfig, clock: Clock) {
    const limits = config.limits;
    const limiter = (burst: number, perSecond: number) => new RateLimiter({ burst, perSecond }, () => clock.now());
    const per = (count: number, seconds: number) => limiter(count, count / seconds);
    this.limiters = {
      requests: limiter(limits.requestsBurst, limits.requestsPerSecond),
      commands: limiter(limits.commandsBurst, limits.commandsPerSecond),
      sends: limiter(limits.sendsBurst, limits.sendsPerSecond),
      friendRequests: per(limits.friendRequestsPerHour, HOUR),
      uploads: per(limits.uploadsPerMinute, MINUTE),
      exports: per(limits.exportsPerHour, HOUR),
      pictures: limiter(limits.picturesBurst, limits.picturesPerSecond),
      searches: limiter(limits.searchesBurst, limits.searchesPerSecond),
      loginsOfAccount: per(limits.loginsPerAccountMinute, MINUTE),
      loginsOfAddress: per(limits.loginsPerAddressMinute, MINUTE),
      accountsOfAddress: per(limits.accountsPerAddressHour, HOUR),
      inviteGuesses: per(limits.inviteGuessesPerMinute, MINUTE),
    };
  }

  /** Counts one. Throws `RATE_LIMITED`, with the time to wait, where that is one too many. */
  take(name: RateName, key: string): void {
    const retryAfterMs = this.limiters[name].take(key);
    if (retryAfterMs > 0) throw new ChatError('RATE_LIMITED', { retryAfterMs });
  }

  /** What is allowed under a name. */
  rateOf(name: RateName): Rate {
    return this.limiters[name].rate;
  }

  /** How many could be taken at once now. */
  left(name: RateName, key: string): number {
    return this.limiters[name].left(key);
  }
}
