import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Text } from '../common/validators.js';
import type { AppConfig, TlsFiles } from './app-config.js';
import { type AuthConfig, AuthEnv } from './auth.config.js';
import { authSecret, deriveKey } from './auth-secret.js';
import { ConfigError } from './config-error.js';
import { type DatabaseConfig, DatabaseEnv, parseDatabaseUrl } from './database.config.js';
import { type Env, FromEnv, Switch, asSwitch, readSection } from './env.js';
import { HttpConfig } from './http.config.js';
import { readLimits } from './limits.config.js';
import { LogConfig } from './log.config.js';
import { type StorageConfig, StorageEnv, parseStorageUrl } from './storage.config.js';

class BaseEnv {
  /** `production` makes the rules stricter. */
  @FromEnv('NODE_ENV') @Text({ max: 32 }) readonly nodeEnv: string = 'development';

  /** The SQLite file, the made-up secret, the index of search, and uploads on disk. */
  @FromEnv('DATA_DIR') @Text({ max: 1000 }) readonly dataDir: string = './data';

  /** Whether messages are indexed and can be searched. */
  @FromEnv('SEARCH', asSwitch) @Switch() readonly search: boolean = true;
}

/**
 * Reads the configuration. Variables it does not know are ignored; an empty one counts as unset. Makes the data
 * directory and the secret in it where they are needed and missing.
 *
 * @throws ConfigError with every fault at once
 */
export function loadConfig(env: Env): AppConfig {
  const faults: string[] = [];
  const { nodeEnv, dataDir, search } = readSection(BaseEnv, env, faults);
  const production = nodeEnv === 'production';
  const http = Object.freeze(readSection(HttpConfig, env, faults));
  const config: AppConfig = {
    production,
    dataDir,
    search,
    http,
    tls: readTls(http, faults),
    database: readDatabase(env, dataDir, faults),
    storage: readStorage(env, dataDir, faults),
    auth: readAuth(env, { production, dataDir }, faults),
    limits: readLimits(env, production, faults),
    log: Object.freeze(readSection(LogConfig, env, faults)),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

function readTls({ tlsCert, tlsKey }: HttpConfig, faults: string[]): TlsFiles | null {
  if (!tlsCert && !tlsKey) return null;
  const read = (name: string, path: string | undefined): Buffer => {
    try {
      if (path) return readFileSync(path);
      faults.push(`${name}: is needed as well`);
    } catch (error) {
      faults.push(`${name}: the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    return Buffer.alloc(0);
  };
  return Object.freeze({ cert: read('TLS_CERT', tlsCert), key: read('TLS_KEY', tlsKey) });
}

function readDatabase(env: Env, dataDir: string, faults: string[]): DatabaseConfig {
  const { url, migrateOnStart } = readSection(DatabaseEnv, env, faults);
  const address = parseDatabaseUrl(url || `sqlite:${join(dataDir, 'parley.db')}`);
  if (!address) {
    faults.push('DATABASE_URL: must be sqlite:<path>, sqlite::memory: or mysql://user:password@host:port/database');
    return { kind: 'sqlite', path: ':memory:', migrateOnStart };
  }
  try {
    if (address.kind === 'sqlite') mkdirSync(dirname(address.path), { recursive: true });
  } catch (error) {
    faults.push(`DATABASE_URL: its directory cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
  return Object.freeze({ ...address, migrateOnStart });
}

function readStorage(env: Env, dataDir: string, faults: string[]): StorageConfig {
  const { url } = readSection(StorageEnv, env, faults);
  const storage = parseStorageUrl(url || `file:${join(dataDir, 'files')}`);
  if (!storage) {
    faults.push('STORAGE_URL: must be file:<folder> or s3://key:secret@host/bucket');
    return { kind: 'file', path: dataDir };
  }
  try {
    if (storage.kind === 'file') mkdirSync(storage.path, { recursive: true });
  } catch (error) {
    faults.push(`STORAGE_URL: its folder cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
  return Object.freeze(storage);
}

function readAuth(env: Env, place: { production: boolean; dataDir: string }, faults: string[]): AuthConfig {
  const section = readSection(AuthEnv, env, faults);
  const secret = authSecret({ ...place, given: section.secret }, faults);
  const [refreshSecret, linkSecret] = ['refresh tokens', 'links'].map((purpose) => deriveKey(secret, purpose));
  return Object.freeze({ ...section, secret, refreshSecret, linkSecret });
}
