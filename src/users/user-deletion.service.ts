import { Injectable } from '@nestjs/common';
import { fold } from '../common/fold.js';
import type { Tx } from '../database/tx.js';
import { EventHub } from '../events/event-hub.js';
import { IdempotencyKeys } from '../limits/idempotency-keys.service.js';
import { Pictures } from '../media/pictures.service.js';
import { moveNames } from './user-name-rows.js';
import { User } from './user.entity.js';
import { DELETED_NAME } from './user.view.js';

/** Takes everything personal from an account that is deleted. */
@Injectable()
export class UserDeletion {
  constructor(
    private readonly hub: EventHub,
    private readonly keys: IdempotencyKeys,
    private readonly pictures: Pictures,
  ) {}

  /**
   * Makes the row of a user, who is locked with all who are tied to him (`UserTies`), that of a deleted one: his names and his e-mail address are free again,
   * and messages that he wrote are those of a deleted user. Tells `UserDeleted` inside the transaction, and removes his
   * picture after it.
   */
  async erase(tx: Tx, user: User): Promise<void> {
    await tx.manager.update(User, { id: user.id }, deleted(user.id));
    await moveNames(tx, user.id, { before: user, after: null });
    await this.keys.forget(tx, user.id);
    const { avatar } = user;
    if (avatar !== null) tx.onCommit(() => this.pictures.remove(avatar));
    await this.hub.emit(tx, 'UserDeleted', { userId: user.id });
  }
}

/** A user name that is longer than anybody may choose one, so that nobody can be taken for him. */
function deleted(id: string): Omit<User, 'id' | 'rev' | 'createdAt'> {
  const username = `deleted-${id.toLowerCase()}`;
  return {
    username,
    usernameKey: username,
    displayName: DELETED_NAME,
    displayNameKey: fold(DELETED_NAME),
    role: 'user',
    status: 'deleted',
    email: null,
    passwordHash: null,
    avatar: null,
    bio: null,
    statusText: null,
    statusEmoji: null,
    statusExpiresAt: null,
    presence: null,
    lastSeenAt: null,
    preferences: {},
  };
}
