import type { AuthConfig } from './auth.config.js';
import type { DatabaseConfig } from './database.config.js';
import type { HttpConfig } from './http.config.js';
import type { LimitsConfig } from './limits.config.js';
import type { LogConfig } from './log.config.js';
import type { StorageConfig } from './storage.config.js';

/** Certificate and key, in PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Everything that can be set, checked and frozen. Injected by its class; nothing else reads the environment. */
export abstract class AppConfig {
  abstract readonly production: boolean;
  /** Where files of this installation are kept. */
  abstract readonly dataDir: string;
  /** Whether messages are indexed and can be searched. */
  abstract readonly search: boolean;
  abstract readonly http: HttpConfig;
  /** Null: plain HTTP. */
  abstract readonly tls: TlsFiles | null;
  abstract readonly database: DatabaseConfig;
  abstract readonly storage: StorageConfig;
  abstract readonly auth: AuthConfig;
  abstract readonly limits: LimitsConfig;
  abstract readonly log: LogConfig;
}
