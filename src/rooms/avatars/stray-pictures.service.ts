import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { type Stop, after, every } from '../../common/timers.js';
import { Pictures } from '../../media/pictures.service.js';
import { encodeTime } from '../../protocol/ulid.js';
import { UsersQueries } from '../../users/users.queries.js';
import { RoomQueries } from '../room.queries.js';

const SWEEP_EVERY_MS = 6 * 3_600_000;
/** Far longer than a picture takes from the store to its owner's row. */
const SETTLED_MS = 3_600_000;
/** Pictures whose owners are asked for at once. */
const CHUNK = 500;

/**
 * Removes pictures that are nobody's: a process that is killed between the store and the commit, or between a commit and
 * the removal of what it replaced, leaves them. Once at the start, and again every six hours.
 */
@Injectable()
export class StrayPictures implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('StrayPictures');
  private stops: readonly Stop[] = [];
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly pictures: Pictures,
    private readonly users: UsersQueries,
    private readonly rooms: RoomQueries,
  ) {}

  /** Nobody waits for it. */
  onApplicationBootstrap(): void {
    const sweep = () => this.sweep();
    this.stops = [after(0, 'rooms.strayPicturesAtStart', sweep), every(SWEEP_EVERY_MS, 'rooms.strayPictures', sweep)];
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
  }

  private async sweep(): Promise<void> {
    const end = encodeTime(this.clock.now() - SETTLED_MS);
    let removed = 0;
    let chunk = new Set<string>();
    for await (const pictureId of this.pictures.list()) {
      if (this.stopped) return;
      if (pictureId < end) chunk.add(pictureId);
      if (chunk.size < CHUNK) continue;
      removed += await this.removeStrays([...chunk]);
      chunk = new Set();
    }
    removed += await this.removeStrays([...chunk]);
    if (removed > 0) this.logger.log({ event: 'pictures.swept', removed });
  }

  /** How many of the pictures were nobody's. */
  private async removeStrays(pictureIds: readonly string[]): Promise<number> {
    if (pictureIds.length === 0 || this.stopped) return 0;
    const oldest = await this.users.oldestId();
    const named = await Promise.all([this.users.picturesAmong(pictureIds), this.rooms.picturesAmong(pictureIds)]);
    const owned = new Set(named.flat());
    // What is older than its first user is not this database's: a wrong DATABASE_URL must not empty the store.
    const strays = pictureIds.filter((id) => oldest !== null && id > oldest && !owned.has(id));
    for (const id of strays) await this.pictures.remove(id);
    return strays.length;
  }
}
