import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Stop, every } from '../../common/timers.js';
import { AppConfig } from '../../config/app-config.js';
import { EndedStatuses } from '../../presence/ended-statuses.service.js';
import { LastSeenService } from '../../presence/last-seen.service.js';
import { PresenceDoorbell } from './presence-doorbell.service.js';
import { PresenceLeases } from './presence-leases.service.js';
import { PresenceQueue } from './presence-queue.js';

/** The one timer of presence: once in `limits.presenceEveryMs`, whatever the number of connections. */
@Injectable()
export class PresencePulse implements OnModuleInit, OnModuleDestroy {
  private stop: Stop = () => undefined;

  constructor(
    private readonly config: AppConfig,
    private readonly leases: PresenceLeases,
    private readonly doorbell: PresenceDoorbell,
    private readonly queue: PresenceQueue,
    private readonly statuses: EndedStatuses,
    private readonly lastSeen: LastSeenService,
  ) {}

  onModuleInit(): void {
    this.stop = every(this.config.limits.presenceEveryMs, 'realtime.presence', () => this.pulse());
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private async pulse(): Promise<void> {
    await this.leases.pulse();
    await this.statuses.noteEnded();
    this.doorbell.ring();
    // What this node has published comes back to it in the turns of promises that are ready.
    await Promise.resolve();
    await this.doorbell.answer();
    await this.queue.deliver();
    await this.lastSeen.storeDue();
  }
}
