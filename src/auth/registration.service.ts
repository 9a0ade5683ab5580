import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { AppConfig } from '../config/app-config.js';
import { uniqueViolation } from '../database/errors.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { networkOf } from '../limits/network.js';
import { RateLimits } from '../limits/rate-limits.js';
import type { TokensView } from '../protocol/views.js';
import type { User } from '../users/user.entity.js';
import { UserCreation } from '../users/user-creation.service.js';
import { PasswordHasher } from './password-hasher.service.js';
import { requireGoodPassword } from './password-rules.js';
import { type Device, SessionsService } from './sessions.service.js';

/** Who wants an account. */
export interface Registration {
  readonly username: string;
  readonly password: string;
  readonly displayName?: string;
  readonly email?: string;
}

/** Lets new people in: with an account, or as guests. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly config: AppConfig,
    private readonly limits: RateLimits,
    private readonly uow: UnitOfWork,
    private readonly users: UserCreation,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Makes an account and signs it in.
   *
   * @throws ChatError `FORBIDDEN` where registration is not open; `VALIDATION_FAILED`; `CONFLICT` when the name or
   *   address is taken; `RATE_LIMITED` by address; `UNAVAILABLE` when too many passwords are being hashed
   */
  async register(asked: Registration, device: Device): Promise<TokensView> {
    if (this.config.auth.registration !== 'open')
      throw new ChatError('FORBIDDEN', { detail: 'Registration is closed.' });
    const { username, password, displayName, email } = asked;
    this.users.requireNames(asked);
    requireGoodPassword(password, { path: 'password', names: [username, displayName, email] });
    this.limits.take('accountsOfAddress', networkOf(device.address));
    const passwordHash = await this.hasher.hash(password);
    return this.open(device, (tx) => this.users.create(tx, { username, displayName, email, passwordHash }));
  }

  /**
   * Makes a guest with a made-up name, or the display name asked for, and signs him in.
   *
   * @throws ChatError `FORBIDDEN` where guests are not let in; `RATE_LIMITED` by address
   */
  async enterAsGuest(displayName: string | undefined, device: Device): Promise<TokensView> {
    if (!this.config.auth.guests) throw new ChatError('FORBIDDEN', { detail: 'Guests are not let in.' });
    this.limits.take('accountsOfAddress', networkOf(device.address));
    return this.open(device, (tx) => this.users.createGuest(tx, displayName));
  }

  private async open(device: Device, create: (tx: Tx) => Promise<User>): Promise<TokensView> {
    try {
      return await this.uow.run(async (tx) => this.sessions.open(tx, await create(tx), device));
    } catch (error) {
      const rule = uniqueViolation(error);
      if (rule === null) throw error;
      const field = rule.includes('email') ? 'e-mail address' : 'user name';
      throw new ChatError('CONFLICT', { detail: `That ${field} is taken.`, cause: error });
    }
  }
}
