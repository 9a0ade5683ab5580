import { Text } from '../common/validators.js';
import { FromEnv, Switch, asSwitch } from './env.js';

/** The file, or the server, that holds everything. `path` is `:memory:` for a file that lives as long as the process. */
export type DatabaseAddress =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'mysql'; readonly url: string };

/** Where the data is. */
export type DatabaseConfig = DatabaseAddress & { readonly migrateOnStart: boolean };

/** What the environment says of the database. */
export class DatabaseEnv {
  /** `sqlite:<path>`, `sqlite::memory:` or `mysql://user:password@host:port/database`. Default: a file in `DATA_DIR`. */
  @FromEnv('DATABASE_URL') @Text({ max: 2000, min: 0 }) readonly url: string = '';

  /** Whether the tables are brought up to date at start. */
  @FromEnv('MIGRATE_ON_START', asSwitch) @Switch() readonly migrateOnStart: boolean = true;
}

/** Reads a `DATABASE_URL`, or returns null when it is none. */
export function parseDatabaseUrl(text: string): DatabaseAddress | null {
  if (text.startsWith('sqlite:')) {
    const path = text.slice('sqlite:'.length).replace(/^\/\/(?=.)/, '');
    return path ? { kind: 'sqlite', path } : null;
  }
  if (!/^(mysql|mariadb):\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text.replace(/^mariadb:/, 'mysql:'));
  return url.hostname && /^\/[^/]+$/.test(url.pathname) ? { kind: 'mysql', url: url.href } : null;
}
