import { Global, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { type Stop, every } from '../common/timers.js';
import { AppConfig } from '../config/app-config.js';
import { DiskStore } from './disk-store.js';
import { FileStore } from './file-store.js';

const CLEAN_EVERY_MS = 3_600_000;

/** Gives everybody the `FileStore` of this installation. */
@Global()
@Module({
  providers: [
    { provide: FileStore, inject: [AppConfig], useFactory: ({ storage }: AppConfig) => new DiskStore(storage.path) },
  ],
  exports: [FileStore],
})
export class StorageModule implements OnModuleInit, OnModuleDestroy {
  private stop: Stop = () => undefined;

  constructor(
    @Inject(FileStore) private readonly store: DiskStore,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.store.clean(this.clock.now());
    this.stop = every(CLEAN_EVERY_MS, 'storage.clean', () => this.store.clean(this.clock.now()));
  }

  onModuleDestroy(): void {
    this.stop();
  }
}
