import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { type Stop, after, every } from '../common/timers.js';
import { encodeTime, isUlid } from '../protocol/ulid.js';
import { FileStore } from '../storage/file-store.js';
import { UsersQueries } from '../users/users.queries.js';
import { FILES, THUMBNAILS, storageKeyOf } from './attachment-files.service.js';
import { AttachmentsQueries } from './attachments.queries.js';

const SWEEP_EVERY_MS = 6 * 3_600_000;
/** Far longer than a file takes from the store to its row. */
const SETTLED_MS = 3_600_000;
/** Files whose rows are looked for at once. */
const CHUNK = 500;
const FILE = /\/([0-9A-Z]{26})\.(?:bin|webp)$/;

/** Stored files by their keys, with the ids that stand in these. */
type Found = Map<string, string>;

/**
 * Removes stored files that no row names: a process that is killed between the store and the commit, or between a commit
 * and the removal, leaves them. Once at the start, and again every six hours.
 */
@Injectable()
export class StrayAttachmentFiles implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('StrayAttachmentFiles');
  private stops: readonly Stop[] = [];
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly store: FileStore,
    private readonly users: UsersQueries,
    private readonly queries: AttachmentsQueries,
  ) {}

  /** Nobody waits for it. */
  onApplicationBootstrap(): void {
    const sweep = () => this.sweep();
    this.stops = [after(0, 'attachments.straysAtStart', sweep), every(SWEEP_EVERY_MS, 'attachments.strays', sweep)];
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
  }

  private async sweep(): Promise<void> {
    // What is older than its first user is not this database's: a wrong DATABASE_URL must not empty the store.
    const oldest = await this.users.oldestId();
    if (oldest === null) return;
    const end = encodeTime(this.clock.now() - SETTLED_MS);
    let removed = 0;
    for (const folder of [FILES, THUMBNAILS])
      removed += await this.sweepFolder(folder, (id) => id > oldest && id < end);
    if (removed > 0) this.logger.log({ event: 'attachments.swept', removed });
  }

  private async sweepFolder(folder: string, isOurs: (id: string) => boolean): Promise<number> {
    let removed = 0;
    let found: Found = new Map();
    for await (const key of this.store.list(folder)) {
      if (this.stopped) return removed;
      const [, id] = FILE.exec(key) ?? [];
      if (isUlid(id) && isOurs(id)) found.set(key, id);
      if (found.size < CHUNK) continue;
      removed += await this.removeStrays(found);
      found = new Map();
    }
    return removed + (await this.removeStrays(found));
  }

  /** How many of the files were nobody's. */
  private async removeStrays(found: Found): Promise<number> {
    if (this.stopped) return 0;
    const named = await this.queries.keysAmong([...found.values()].map(storageKeyOf));
    const strays = [...found].filter(([, id]) => !named.has(storageKeyOf(id)));
    for (const [key] of strays) await this.store.remove(key);
    return strays.length;
  }
}
