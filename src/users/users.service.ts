import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { chunksOf } from '../common/chunks.js';
import { Clock } from '../common/clock.js';
import { fold } from '../common/fold.js';
import { READS } from '../database/data-source.js';
import { uniqueViolation } from '../database/errors.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import type { MeView, PresenceChoice, UserView } from '../protocol/views.js';
import { emailKey, requireEmail } from './user-email.js';
import { UserTies } from './user-ties.service.js';
import { User } from './user.entity.js';
import { OwnProfile, type ProfileColumns } from './own-profile.service.js';
import { moveNames } from './user-name-rows.js';
import { hasStatus, toMeView, toUserView } from './user.view.js';

/** Users in one statement. */
const CHUNK = 500;

/** What of a profile is to change; what is absent stays, null clears. */
export interface ProfileChange {
  readonly displayName?: string;
  readonly bio?: string | null;
  readonly email?: string | null;
  readonly status?: {
    readonly text?: string | null;
    readonly emoji?: string | null;
    readonly expiresAt?: string | null;
  } | null;
  /** What to be shown as; null: as his connections are. */
  readonly presence?: PresenceChoice | null;
}

/** Accounts as other features and clients see them. */
@Injectable()
export class UsersService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly ties: UserTies,
    private readonly profile: OwnProfile,
    private readonly hub: EventHub,
    @InjectRepository(User, READS) private readonly users: Repository<User>,
  ) {}

  async getMe(principal: Principal): Promise<MeView> {
    return toMeView(await this.users.findOneByOrFail({ id: principal.userId }), this.clock.now());
  }

  /** Throws `NOT_FOUND` for a user who does not exist or has deleted his account. */
  async get(_principal: Principal, id: string): Promise<UserView> {
    const user = (await this.viewsOf([id])).get(id);
    if (!user) throw new ChatError('NOT_FOUND');
    return user;
  }

  /**
   * Views in the order of the ids; those that do not exist are left out. Who has deleted his account is shown as a
   * deleted user: what he wrote is still there.
   */
  async lookUp(_principal: Principal, ids: readonly string[]): Promise<UserView[]> {
    const views = await this.viewsOfAll(ids);
    return [...new Set(ids)].flatMap((id) => views.get(id) ?? []);
  }

  /**
   * Changes the caller's profile and tells `profile.updated` to his connections; where his status or what he is shown
   * as may have changed, also `StatusChanged`.
   *
   * @throws ChatError `CONFLICT` when the e-mail address belongs to another account
   */
  async updateMe(principal: Principal, change: ProfileChange): Promise<MeView> {
    try {
      return await this.uow.run(async (tx) => {
        const { view } = await this.profile.change(tx, principal.userId, (user) =>
          columnsOf(user, change, this.clock.now()),
        );
        return view;
      });
    } catch (error) {
      if (uniqueViolation(error) === null) throw error;
      throw new ChatError('CONFLICT', { detail: 'That e-mail address belongs to another account.', cause: error });
    }
  }

  /** The account that somebody names to sign in: by user name, or by e-mail address. */
  findBySignInName(name: string): Promise<User | null> {
    return this.users.findOneBy(name.includes('@') ? { email: emailKey(name) } : { usernameKey: fold(name) });
  }

  /** Users by id, suspended ones too, for those who show them; deleted and unknown ones are not in it. */
  async viewsOf(ids: readonly string[]): Promise<ReadonlyMap<string, UserView>> {
    return this.toViews((await this.find(ids)).filter(isThere));
  }

  /** The same with those who have deleted their accounts, for those who show what they left. */
  async viewsOfAll(ids: readonly string[]): Promise<ReadonlyMap<string, UserView>> {
    return this.toViews(await this.find(ids));
  }

  /** What `viewsOf` shows, as `tx` sees it: exact for the users whose rows it has locked. */
  async viewsIn(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, UserView>> {
    const users: User[] = [];
    for (const some of chunksOf([...new Set(ids)], CHUNK)) {
      users.push(...(await tx.manager.findBy(User, { id: In(some) })));
    }
    return this.toViews(users.filter(isThere));
  }

  private async find(ids: readonly string[]): Promise<User[]> {
    return ids.length === 0 ? [] : this.users.findBy({ id: In([...new Set(ids)]) });
  }

  private toViews(users: readonly User[]): ReadonlyMap<string, UserView> {
    const now = this.clock.now();
    return new Map(users.map((user) => [user.id, toUserView(user, now)]));
  }

  /**
   * Suspends an account: its logins end with the transaction, his connections close with 4201 before this returns.
   * `reason` goes to the log.
   */
  async suspend(principal: Principal, userId: string, reason: string): Promise<void> {
    await this.setStatus(userId, 'suspended', (tx) =>
      this.hub.emit(tx, 'UserSuspended', { userId, byId: principal.byId, reason }),
    );
  }

  /** Lets a suspended user sign in again. */
  async unsuspend(_principal: Principal, userId: string): Promise<void> {
    await this.setStatus(userId, 'active', async (tx, { status }) => {
      if (status !== 'active') await this.hub.emit(tx, 'UserReinstated', { userId });
    });
  }

  private async setStatus(
    userId: string,
    status: 'active' | 'suspended',
    then: (tx: Tx, before: User) => Promise<void> | undefined,
  ): Promise<void> {
    await this.uow.run(async (tx) => {
      await this.ties.lock(tx, userId);
      const user = await tx.manager.findOneBy(User, { id: userId });
      if (!user || user.status === 'deleted') throw new ChatError('NOT_FOUND');
      await tx.manager.update(User, { id: userId }, { status });
      const names = { before: user.status === 'active' ? user : null, after: status === 'active' ? user : null };
      await moveNames(tx, userId, names);
      await then(tx, user);
    });
  }
}

const isThere = ({ status }: User): boolean => status !== 'deleted';

function columnsOf(user: User, change: ProfileChange, now: number): ProfileColumns {
  const { displayName, bio, email, status, presence } = change;
  return {
    ...(displayName === undefined ? {} : { displayName, displayNameKey: fold(displayName) }),
    ...(bio === undefined ? {} : { bio }),
    ...(email === undefined ? {} : { email: email === null ? null : requireEmail(email) }),
    ...(status === undefined ? {} : statusColumns(hasStatus(user, now) ? user : NO_STATUS, status)),
    ...(presence === undefined ? {} : { presence }),
  };
}

const NO_STATUS = { statusText: null, statusEmoji: null, statusExpiresAt: null };

/** A part that is not named stays as it is. */
function statusColumns(present: Pick<User, keyof typeof NO_STATUS>, status: ProfileChange['status']) {
  if (status === null || status === undefined) return NO_STATUS;
  const { text = present.statusText, emoji = present.statusEmoji, expiresAt } = status;
  const end = expiresAt === undefined ? present.statusExpiresAt : expiresAt === null ? null : Date.parse(expiresAt);
  return { statusText: text, statusEmoji: emoji, statusExpiresAt: end };
}
