import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AppConfig } from './app-config.js';

/** Gives everybody the `AppConfig` that was loaded before anything else. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: AppConfig): DynamicModule {
    const provider = { provide: AppConfig, useValue: config };
    return { module: ConfigModule, providers: [provider], exports: [provider] };
  }
}
