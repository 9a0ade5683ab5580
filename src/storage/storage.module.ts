import { Global, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { join } from 'node:path';
import { Clock } from '../common/clock.js';
import { type Stop, every } from '../common/timers.js';
import { AppConfig } from '../config/app-config.js';
import { DiskStore } from './disk-store.js';
import { FileStore } from './file-store.js';
import { S3Store } from './s3-store.js';

const CLEAN_EVERY_MS = 3_600_000;

const storeOf = ({ storage, dataDir }: AppConfig): FileStore =>
  storage.kind === 'file' ? new DiskStore(storage.path) : new S3Store(storage, join(dataDir, 'spool'));

/** Gives everybody the `FileStore` of this installation. */
@Global()
@Module({
  providers: [{ provide: FileStore, inject: [AppConfig], useFactory: storeOf }],
  exports: [FileStore],
})
export class StorageModule implements OnModuleInit, OnModuleDestroy {
  private stop: Stop = () => undefined;

  constructor(
    private readonly store: FileStore,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.store.clean(this.clock.now());
    this.stop = every(CLEAN_EVERY_MS, 'storage.clean', () => this.store.clean(this.clock.now()));
  }

  onModuleDestroy(): void {
    this.stop();
    this.store.close();
  }
}
