import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { fold } from '../common/fold.js';
import { READS } from '../database/data-source.js';
import { forUpdate } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { networkOf } from '../limits/network.js';
import { RateLimits } from '../limits/rate-limits.js';
import type { TokensView } from '../protocol/views.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { PasswordHasher } from './password-hasher.service.js';
import { wrongPresentPassword } from './password-proof.service.js';
import { requireGoodPassword } from './password-rules.js';
import { type Device, SessionsService } from './sessions.service.js';

/** Signs people in by password. */
@Injectable()
export class LoginService {
  constructor(
    private readonly limits: RateLimits,
    private readonly uow: UnitOfWork,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly accounts: UsersService,
    @InjectRepository(User, READS) private readonly users: Repository<User>,
  ) {}

  /**
   * Opens a login. An unknown user and a wrong password answer alike, and take alike.
   *
   * @param name the user name, or the e-mail address
   * @throws ChatError `UNAUTHORIZED`; `FORBIDDEN` for a suspended account, after the right password; `RATE_LIMITED` by
   *   account and by address; `UNAVAILABLE` when too many passwords are being checked
   */
  async login(name: string, password: string, device: Device): Promise<TokensView> {
    this.limits.take('loginsOfAddress', networkOf(device.address));
    const user = await this.accounts.findBySignInName(name);
    // Tries by name and by address are tries for one account; those for nobody are counted as if there were one.
    this.limits.take('loginsOfAccount', user?.id ?? fold(name));
    const matches = await this.hasher.matches(password, user?.passwordHash ?? null);
    if (!user || !matches || user.status === 'deleted') throw wrongPassword();
    if (user.status === 'suspended') throw new ChatError('FORBIDDEN', { detail: 'This account is suspended.' });
    return this.uow.run(async (tx) => {
      if (!(await this.isAsChecked(tx, user))) throw wrongPassword();
      return this.sessions.open(tx, user, device);
    });
  }

  /**
   * Changes the password and gives the caller's login a fresh pair of tokens; every other login ends.
   *
   * @throws ChatError `FORBIDDEN` for a wrong present password; `VALIDATION_FAILED` for a bad new one; `RATE_LIMITED`
   */
  async changePassword(
    principal: Principal,
    { currentPassword, newPassword }: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<TokensView> {
    const user = await this.users.findOneByOrFail({ id: principal.userId });
    requireGoodPassword(newPassword, { path: 'newPassword', names: [user.username, user.displayName, user.email] });
    this.limits.take('loginsOfAccount', user.id);
    if (!(await this.hasher.matches(currentPassword, user.passwordHash))) throw wrongPresentPassword();
    const passwordHash = await this.hasher.hash(newPassword);
    return this.uow.run(async (tx) => {
      if (!(await this.isAsChecked(tx, user))) throw wrongPresentPassword();
      await tx.manager.update(User, { id: user.id }, { passwordHash });
      await this.sessions.end(tx, user.id, { except: principal.sessionId, reason: 'SESSION_REVOKED' });
      return this.sessions.renew(tx, principal.sessionId, user);
    });
  }

  /**
   * Locks the account and tells whether it still is as it was when the password was checked: a change of password that
   * was committed in between ended every login, and none may be opened by the old password after it.
   */
  private async isAsChecked(tx: Tx, { id, passwordHash, status }: User): Promise<boolean> {
    const rows = await tx.query<{ passwordHash: string | null; status: string }>(
      `SELECT passwordHash, status FROM users WHERE id = ?${forUpdate(tx)}`,
      [id],
    );
    return rows.some((row) => row.passwordHash === passwordHash && row.status === status);
  }
}

const wrongPassword = (): ChatError =>
  new ChatError('UNAUTHORIZED', { detail: 'The user name or the password is wrong.' });
