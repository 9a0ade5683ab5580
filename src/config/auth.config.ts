import type { KeyObject } from 'node:crypto';
import { Optional, Whole, Word } from '../common/validators.js';
import { FromEnv, Switch, asSwitch, asWhole } from './env.js';

/** How people come in. */
export type Registration = 'open' | 'invite' | 'closed';

/** What the environment says of accounts and logins. */
export class AuthEnv {
  /** Signs access tokens; 32 bytes at least. Outside production it is made and kept in `DATA_DIR` where unset. */
  @FromEnv('AUTH_SECRET') @Optional() readonly secret?: string;

  /** Seconds that an access token lives. */
  @FromEnv('ACCESS_TOKEN_SECONDS', asWhole) @Whole({ min: 5, max: 86_400 }) readonly accessSeconds: number = 900;

  /** Days that a login lives without being used. */
  @FromEnv('REFRESH_TOKEN_DAYS', asWhole) @Whole({ min: 1, max: 3650 }) readonly refreshDays: number = 30;

  /** Whether people may come in without an account. */
  @FromEnv('GUESTS', asSwitch) @Switch() readonly guests: boolean = true;

  /** Who may register. */
  @FromEnv('REGISTRATION') @Word('open', 'invite', 'closed') readonly registration: Registration = 'open';
}

/** Accounts and logins. */
export interface AuthConfig extends Omit<AuthEnv, 'secret'> {
  /** The key of access tokens (HS256). */
  readonly secret: KeyObject;
  /** The key that refresh tokens are derived with; itself derived from the secret. */
  readonly refreshSecret: KeyObject;
  /** The key that links are signed with; derived too. */
  readonly linkSecret: KeyObject;
}
