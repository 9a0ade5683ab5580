import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Stop, every } from '../common/timers.js';
import { READS } from '../database/data-source.js';
import { HealthRegistry } from '../metrics/health-registry.js';

const LOOK_MS = 5000;

/** Asks the database now and then whether it is there. */
@Injectable()
export class DatabaseHealth implements OnModuleDestroy {
  private readonly stop: Stop;

  constructor(
    private readonly health: HealthRegistry,
    @InjectDataSource(READS) private readonly source: DataSource,
  ) {
    this.stop = every(LOOK_MS, 'health.database', () => this.look());
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private async look(): Promise<void> {
    const { detail } = this.health.describe().database ?? {};
    const ok = await this.source.query('SELECT 1').then(
      () => true,
      () => false,
    );
    this.health.set('database', { ok, detail });
  }
}
