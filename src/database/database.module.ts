import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppConfig } from '../config/app-config.js';
import { HealthRegistry } from '../metrics/health-registry.js';
import { DataSource } from 'typeorm';
import { READS, type Schema, dataSourceOptions, openReader, openWriter } from './data-source.js';
import { InstallationService } from './installation.service.js';
import { Reads } from './reads.js';
import { type DatabaseTarget, disposeTarget, prepareTarget } from './target.js';
import { UnitOfWork } from './unit-of-work.js';

const TARGET = 'DATABASE_TARGET';

/** Looks at the database once, before the two data sources open it. */
@Module({
  providers: [
    {
      provide: TARGET,
      inject: [AppConfig, HealthRegistry],
      useFactory: async (config: AppConfig, health: HealthRegistry) => {
        const target = await prepareTarget(config.database);
        const reduced = target.kind === 'mysql' && !target.durable;
        health.set('database', { ok: true, detail: reduced ? 'durability: reduced' : undefined });
        return target;
      },
    },
  ],
  exports: [TARGET],
})
class DatabaseTargetModule implements OnApplicationShutdown {
  constructor(@Inject(TARGET) private readonly target: DatabaseTarget) {}

  onApplicationShutdown(): void {
    disposeTarget(this.target);
  }
}

/**
 * Two data sources over one database: the default one writes, through `UnitOfWork` alone; `READS` reads. Features
 * register their entities with `TypeOrmModule.forFeature([…], READS)`.
 */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(schema: Schema): DynamicModule {
    const imports = [DatabaseTargetModule];
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          imports,
          inject: [TARGET, AppConfig],
          useFactory: (target: DatabaseTarget, config: AppConfig) => ({
            ...dataSourceOptions(target, schema, 'write'),
            retryAttempts: 1,
            migrationsRun: config.database.migrateOnStart,
          }),
          dataSourceFactory: openWriter,
        }),
        TypeOrmModule.forRootAsync({
          name: READS,
          imports,
          // Injected for its order: the file and its tables must be there before anybody reads.
          inject: [TARGET, DataSource],
          useFactory: (target: DatabaseTarget) => ({ ...dataSourceOptions(target, schema, 'read'), retryAttempts: 1 }),
          dataSourceFactory: openReader,
        }),
      ],
      providers: [UnitOfWork, Reads, InstallationService],
      exports: [UnitOfWork, Reads, InstallationService],
    };
  }
}
