import { type KeyObject, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The value in `.env.example`, which everybody knows. */
export const EXAMPLE_SECRET = 'change-me-to-32-or-more-random-bytes';

const MIN_BYTES = 32;
const NONE = createSecretKey(Buffer.alloc(MIN_BYTES));

interface SecretSource {
  readonly given: string | undefined;
  readonly production: boolean;
  readonly dataDir: string;
}

/** The key of access tokens: the one given, or one that is made at the first start and kept in the data directory. */
export function authSecret({ given, production, dataDir }: SecretSource, faults: string[]): KeyObject {
  if (!given && production) return refuse('is required in production', faults);
  if (given === EXAMPLE_SECRET && production) return refuse('is still the one of .env.example', faults);
  try {
    const secret = Buffer.from(given || keptSecret(dataDir));
    return secret.length < MIN_BYTES
      ? refuse(`must have ${MIN_BYTES} bytes at least`, faults)
      : createSecretKey(secret);
  } catch (error) {
    return refuse(`cannot be kept in DATA_DIR (${(error as NodeJS.ErrnoException).code})`, faults);
  }
}

/** A key for one other purpose, from which the first one cannot be found. */
export const deriveKey = (secret: KeyObject, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `parley ${purpose}`, 32)));

function refuse(why: string, faults: string[]): KeyObject {
  faults.push(`AUTH_SECRET: ${why}`);
  return NONE;
}

function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'auth-secret');
  const own = `${path}.${process.pid}`;
  mkdirSync(dataDir, { recursive: true });
  try {
    // Linked into place whole: two processes that start at once must end up with one secret.
    writeFileSync(own, randomBytes(48).toString('base64url'), { mode: 0o600 });
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}
