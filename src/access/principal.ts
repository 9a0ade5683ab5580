import type { UserRole } from '../protocol/views.js';

/**
 * Who acts. It is the first argument of every public service method: a signed-in user with the login he uses, or the
 * system, which must say why it acts.
 */
export class Principal {
  private constructor(
    /** The user's id; empty for the system. */
    readonly userId: string,
    /** The login's id; empty for the system. */
    readonly sessionId: string,
    readonly role: UserRole | 'system',
    readonly reason?: string,
  ) {}

  static user(userId: string, sessionId: string, role: UserRole): Principal {
    return new Principal(userId, sessionId, role);
  }

  /** Acts without a user. The reason stands in logs and audit rows. */
  static system(reason: string): Principal {
    return new Principal('', '', 'system', reason);
  }

  get isSystem(): boolean {
    return this.role === 'system';
  }

  /** The id that a notice names as its maker; null for the system. */
  get byId(): string | null {
    return this.isSystem ? null : this.userId;
  }
}
