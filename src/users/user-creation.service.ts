import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { fold } from '../common/fold.js';
import { newId } from '../common/id.js';
import { insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { requireEmail } from './user-email.js';
import { makeGuestNames, requireUsername } from './user-names.js';
import type { User } from './user.entity.js';
import { moveNames } from './user-name-rows.js';

/** An account to make. */
export interface NewAccount {
  readonly username: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly passwordHash: string;
}

/** Makes users; how they prove who they are is up to `auth/`. */
@Injectable()
export class UserCreation {
  constructor(private readonly clock: Clock) {}

  /** Throws `VALIDATION_FAILED` unless these may be somebody's. Whether they are free, only `create` tells. */
  requireNames({ username, email }: Pick<NewAccount, 'username' | 'email'>): void {
    requireUsername(username);
    if (email !== undefined) requireEmail(email);
  }

  /**
   * Stores an account.
   *
   * @throws ChatError `VALIDATION_FAILED`; the driver's unique violation when the name or the address is taken
   */
  create(tx: Tx, account: NewAccount): Promise<User> {
    const username = account.username.normalize('NFKC');
    const usernameKey = requireUsername(username);
    const { displayName = username, passwordHash } = account;
    const email = account.email === undefined ? null : requireEmail(account.email);
    return this.insert(tx, { username, usernameKey, displayName, email, passwordHash, role: 'user' });
  }

  /** Stores a guest: a user with a made-up name and without a password. */
  createGuest(tx: Tx, displayName: string | undefined): Promise<User> {
    const made = makeGuestNames();
    const names = { username: made.username, usernameKey: fold(made.username) };
    const shown = displayName ?? made.displayName;
    return this.insert(tx, { ...names, displayName: shown, email: null, passwordHash: null, role: 'guest' });
  }

  private async insert(
    tx: Tx,
    given: Pick<User, 'username' | 'usernameKey' | 'displayName' | 'email' | 'passwordHash' | 'role'>,
  ): Promise<User> {
    const blank = {
      avatar: null,
      bio: null,
      statusText: null,
      statusEmoji: null,
      statusExpiresAt: null,
      preferences: {},
    };
    const unseen = { presence: null, lastSeenAt: null };
    const user: User = {
      ...given,
      ...blank,
      ...unseen,
      id: newId(),
      displayNameKey: fold(given.displayName),
      status: 'active',
      rev: 0,
      createdAt: this.clock.now(),
    };
    await insertRows(tx, 'users', [{ ...user, preferences: JSON.stringify(user.preferences) }]);
    await moveNames(tx, user.id, { before: null, after: user });
    return user;
  }
}
