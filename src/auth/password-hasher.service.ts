import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { Gate } from '../common/gate.js';
import { normalPassword } from './password-rules.js';

/** OWASP's parameters for argon2id: 19 MiB, two passes, one lane; about 25 ms of a core. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/**
 * Hashes run on threads, and with more of them than cores everything else waits; a flood of sign-ins costs bounded
 * memory and time.
 */
const BOUNDS = { atOnce: 2, waiting: 100, retryAfterMs: 2000 };

/** argon2id, off the event loop, a bounded number at once. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly gate = new Gate(BOUNDS);
  private decoy = '';

  async onModuleInit(): Promise<void> {
    this.decoy = await this.hash(randomBytes(16).toString('base64url'));
  }

  /** The hash in PHC form. Throws `UNAVAILABLE` when too many wait. */
  hash(password: string): Promise<string> {
    return this.gate.run(() => hash(normalPassword(password), OPTIONS));
  }

  /**
   * Whether the password belongs to the hash. Without a hash (unknown user, guest) a decoy is checked, so that the
   * answer takes as long. Throws `UNAVAILABLE` when too many wait.
   */
  async matches(password: string, passwordHash: string | null): Promise<boolean> {
    const matches = await this.gate.run(() => verify(passwordHash ?? this.decoy, normalPassword(password)));
    return matches && passwordHash !== null;
  }
}
