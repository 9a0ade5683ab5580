import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { READS } from '../database/data-source.js';
import { RateLimits } from '../limits/rate-limits.js';
import { User } from '../users/user.entity.js';
import { PasswordHasher } from './password-hasher.service.js';

/** The refusal of a password that is not the present one. */
export const wrongPresentPassword = (): ChatError =>
  new ChatError('FORBIDDEN', { detail: 'The present password is wrong.' });

/** Whether somebody who is signed in is who he was at the sign-in: he says his password again. */
@Injectable()
export class PasswordProof {
  constructor(
    private readonly limits: RateLimits,
    private readonly hasher: PasswordHasher,
    @InjectRepository(User, READS) private readonly users: Repository<User>,
  ) {}

  /**
   * The caller's account, once he has said its present password; one without a password needs none. Whoever writes
   * because of it compares the password's hash again, under the lock of the account.
   *
   * @throws ChatError `VALIDATION_FAILED` where a password is needed and missing, `FORBIDDEN` for a wrong one;
   *   `RATE_LIMITED`, together with sign-ins; `UNAVAILABLE` when too many are being checked
   */
  async require({ userId }: Principal, password: string | undefined): Promise<User> {
    const user = await this.users.findOneByOrFail({ id: userId });
    if (user.passwordHash === null) return user;
    if (password === undefined) throw missing();
    this.limits.take('loginsOfAccount', user.id);
    if (!(await this.hasher.matches(password, user.passwordHash))) throw wrongPresentPassword();
    return user;
  }
}

const missing = (): ChatError =>
  new ChatError('VALIDATION_FAILED', {
    errors: [{ path: 'password', code: 'missing', message: 'must be the present password' }],
  });
