import { Injectable } from '@nestjs/common';
import { type Readable, finished } from 'node:stream';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { endedWhenUnread } from '../common/stalled-reader.js';
import { AppConfig } from '../config/app-config.js';
import { RateLimits } from '../limits/rate-limits.js';
import { Avatars } from '../users/avatars.service.js';
import { UsersService } from '../users/users.service.js';
import { AccountParts } from './account-parts.service.js';
import { type ArchiveFile, zipOf } from './archive.js';

/** Archives that are made at the same time on this node. */
const AT_ONCE = 4;
const AGAIN_MS = 10_000;

/** Everything that is somebody's own, as one archive. */
@Injectable()
export class AccountExport {
  /** Whose archives are being made. */
  private readonly running = new Set<string>();

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly limits: RateLimits,
    private readonly users: UsersService,
    private readonly avatars: Avatars,
    private readonly parts: AccountParts,
  ) {}

  /**
   * A ZIP with the caller's profile, picture, logins, friends, requests, blocks, rooms and messages, made while it is
   * read. Each part is as it is when its turn comes. Where one fails, and where its reader stops for longer than
   * `limits.exportStallMs`, the archive breaks off.
   *
   * @throws ChatError `RATE_LIMITED`, also while another one is being made for the caller; `UNAVAILABLE` when too many
   *   are being made. Only what is made counts for the hour
   */
  async archive(principal: Principal): Promise<Readable> {
    const { userId } = principal;
    this.takePlace(userId);
    try {
      const zip = zipOf(await this.filesOf(principal), new Date(this.clock.now()));
      const archive = endedWhenUnread(zip, this.config.limits.exportStallMs);
      finished(archive, () => this.running.delete(userId));
      return archive;
    } catch (error) {
      this.running.delete(userId);
      throw error;
    }
  }

  /** One place a user: who stops reading four archives would else keep everybody's. */
  private takePlace(userId: string): void {
    if (this.running.has(userId)) throw new ChatError('RATE_LIMITED', { retryAfterMs: AGAIN_MS });
    if (this.running.size >= AT_ONCE) throw new ChatError('UNAVAILABLE', { retryAfterMs: AGAIN_MS });
    this.limits.take('exports', userId);
    this.running.add(userId);
  }

  private async filesOf(principal: Principal): Promise<ArchiveFile[]> {
    const me = await this.users.getMe(principal);
    const picture = await this.avatars.ownOf(principal);
    return [
      { name: 'profile.json', read: () => only(`${JSON.stringify(me, null, 2)}\n`) },
      ...(picture ? [{ name: 'picture.webp', read: () => only(picture) }] : []),
      ...this.parts.filesOf(principal),
    ];
  }
}

async function* only<T>(content: T): AsyncGenerator<T> {
  yield await Promise.resolve(content);
}
