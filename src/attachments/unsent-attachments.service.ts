import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { type Stop, after, every } from '../common/timers.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import { encodeTime } from '../protocol/ulid.js';
import { AttachmentFiles } from './attachment-files.service.js';
import { AttachmentsQueries } from './attachments.queries.js';

/** Milliseconds for which an upload waits to be sent. */
const WAITS_MS = 24 * 3_600_000;
const SWEEP_EVERY_MS = 600_000;
/** Rows that one transaction removes. */
const CHUNK = 100;

/** Removes uploads that nobody sends: after 24 hours, and those of deleted accounts at once. */
@Injectable()
export class UnsentAttachments implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('UnsentAttachments');
  private stops: readonly Stop[] = [];
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly uow: UnitOfWork,
    private readonly queries: AttachmentsQueries,
    private readonly files: AttachmentFiles,
    private readonly hub: EventHub,
  ) {}

  onApplicationBootstrap(): void {
    this.hub.onInTransaction('UserDeleted', (tx, { userId }) => this.removeOf(tx, userId));
    const sweep = () => this.sweep();
    this.stops = [after(0, 'attachments.unsentAtStart', sweep), every(SWEEP_EVERY_MS, 'attachments.unsent', sweep)];
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
  }

  private async removeOf(tx: Tx, userId: string): Promise<void> {
    await this.files.removeRows(tx, await this.queries.lockUnsentOf(tx, userId));
  }

  private async sweep(): Promise<void> {
    const end = encodeTime(this.clock.now() - WAITS_MS);
    let removed = 0;
    for (let found = CHUNK; found === CHUNK && !this.stopped; removed += found) {
      found = await this.uow.run(async (tx) => {
        const rows = await this.queries.lockUnsentBefore(tx, end, CHUNK);
        await this.files.removeRows(tx, rows);
        return rows.length;
      });
    }
    if (removed > 0) this.logger.log({ event: 'attachments.unsentSwept', removed });
  }
}
