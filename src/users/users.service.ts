import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { fold } from '../common/fold.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import { READS } from '../database/data-source.js';
import { uniqueViolation } from '../database/errors.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import type { MeView, Page, UserView } from '../protocol/views.js';
import { emailKey, requireEmail } from './user-email.js';
import { UserRevs } from './user-revs.service.js';
import { User } from './user.entity.js';
import { hasStatus, toMeView, toUserView } from './user.view.js';
import { type SearchPlace, UsersQueries } from './users.queries.js';

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
}

/** Accounts as other features and clients see them. */
@Injectable()
export class UsersService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly revs: UserRevs,
    private readonly hub: EventHub,
    private readonly queries: UsersQueries,
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

  /** Views in the order of the ids; those that do not exist are left out. */
  async lookUp(_principal: Principal, ids: readonly string[]): Promise<UserView[]> {
    const views = await this.viewsOf(ids);
    return [...new Set(ids)].flatMap((id) => views.get(id) ?? []);
  }

  /** Active users by the beginning of a name. Throws `VALIDATION_FAILED` for a cursor of another search. */
  async search(_principal: Principal, ask: { query: string; cursor?: string; limit: number }): Promise<Page<UserView>> {
    const prefix = fold(ask.query);
    const behind = ask.cursor === undefined ? null : placeOf(ask.cursor, prefix);
    const found = await this.queries.search(prefix, behind, ask.limit + 1);
    const page = toPage(found, ask.limit, ({ key, user }) => encodeCursor([key, user.id]));
    const now = this.clock.now();
    return { ...page, items: page.items.map(({ user }) => toUserView(user, now)) };
  }

  /**
   * Changes the caller's profile and tells `profile.updated` to his connections.
   *
   * @throws ChatError `CONFLICT` when the e-mail address belongs to another account
   */
  async updateMe(principal: Principal, change: ProfileChange): Promise<MeView> {
    try {
      return await this.uow.run(async (tx) => {
        const revs = await this.revs.advance(tx, [principal.userId]);
        const user = await tx.manager.findOneByOrFail(User, { id: principal.userId });
        const userRev = revs.get(user.id) ?? user.rev;
        const columns = columnsOf(user, change, this.clock.now());
        if (Object.keys(columns).length > 0) await tx.manager.update(User, { id: user.id }, columns);
        const view = toMeView({ ...user, ...columns, rev: userRev }, this.clock.now());
        await this.hub.emit(tx, 'UserChanged', { userId: user.id, userRev, event: 'profile.updated', data: view });
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
    if (ids.length === 0) return new Map();
    const users = await this.users.findBy({ id: In([...new Set(ids)]) });
    const now = this.clock.now();
    return new Map(users.filter(({ status }) => status !== 'deleted').map((user) => [user.id, toUserView(user, now)]));
  }

  /**
   * Suspends an account: its logins end with the transaction, his connections close with 4201 before this returns.
   * `reason` goes to the log.
   */
  async suspend(principal: Principal, userId: string, reason: string): Promise<void> {
    await this.setStatus(userId, 'suspended', async (tx) =>
      this.hub.emit(tx, 'UserSuspended', { userId, byId: principal.byId, reason }),
    );
  }

  /** Lets a suspended user sign in again. */
  async unsuspend(_principal: Principal, userId: string): Promise<void> {
    await this.setStatus(userId, 'active', () => Promise.resolve());
  }

  private async setStatus(userId: string, status: 'active' | 'suspended', then: Parameters<UnitOfWork['run']>[0]) {
    await this.uow.run(async (tx) => {
      await this.revs.lock(tx, [userId]);
      const changed = await tx.execute("UPDATE users SET status = ? WHERE id = ? AND status <> 'deleted'", [
        status,
        userId,
      ]);
      if (changed === 0) throw new ChatError('NOT_FOUND');
      await then(tx);
    });
  }
}

/** A name that does not begin with the prefix would widen the search to everything between the two. */
function placeOf(cursor: string, prefix: string): SearchPlace {
  const [key, id] = decodeCursor(cursor, ['string', 'ulid']);
  if (key.startsWith(prefix)) return { key, id };
  const errors = [{ path: 'cursor', code: 'cursor', message: 'must be a cursor of this search' }];
  throw new ChatError('VALIDATION_FAILED', { errors });
}

type Columns = Partial<Omit<User, 'preferences'>>;

function columnsOf(user: User, { displayName, bio, email, status }: ProfileChange, now: number): Columns {
  return {
    ...(displayName === undefined ? {} : { displayName, displayNameKey: fold(displayName) }),
    ...(bio === undefined ? {} : { bio }),
    ...(email === undefined ? {} : { email: email === null ? null : requireEmail(email) }),
    ...(status === undefined ? {} : statusColumns(hasStatus(user, now) ? user : NO_STATUS, status)),
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
