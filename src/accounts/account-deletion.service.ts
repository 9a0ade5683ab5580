import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { PasswordProof, wrongPresentPassword } from '../auth/password-proof.service.js';
import { ChatError } from '../common/chat-error.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { UserDeletion } from '../users/user-deletion.service.js';
import { UserTies } from '../users/user-ties.service.js';
import { User } from '../users/user.entity.js';

/** The end of an account by its owner's will. */
@Injectable()
export class AccountDeletion {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly ties: UserTies,
    private readonly proof: PasswordProof,
    private readonly deletion: UserDeletion,
  ) {}

  /**
   * Deletes the caller's account. When this has returned, everything personal is gone, his logins have ended and their
   * connections are closed, he is no member, friend or blocker any more, and what he wrote is that of a deleted user:
   * all in one transaction, by those who listen to `UserDeleted`.
   *
   * @throws ChatError as `PasswordProof.require`; `UNAUTHORIZED` where the account has ended meanwhile
   */
  async delete(principal: Principal, password: string | undefined): Promise<void> {
    const { passwordHash } = await this.proof.require(principal, password);
    await this.uow.run(async (tx) => {
      await this.ties.lock(tx, principal.userId);
      const user = await tx.manager.findOneByOrFail(User, { id: principal.userId });
      if (user.status !== 'active') throw new ChatError('UNAUTHORIZED');
      if (user.passwordHash !== passwordHash) throw wrongPresentPassword();
      await this.deletion.erase(tx, user);
    });
  }
}
