import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { ChatError } from '../common/chat-error.js';
import { normalPassword } from './password-rules.js';

/** OWASP's parameters for argon2id: 19 MiB, two passes, one lane; about 25 ms of a core. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hashes at once. They run on threads, and with more of them than cores everything else waits. */
const AT_ONCE = 2;
/** Hashes that wait; one more is refused, so that a flood of sign-ins costs bounded memory and time. */
const WAITING = 100;

/** argon2id, off the event loop, a bounded number at once. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy = '';

  async onModuleInit(): Promise<void> {
    this.decoy = await this.hash(randomBytes(16).toString('base64url'));
  }

  /** The hash in PHC form. Throws `UNAVAILABLE` when too many wait. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalPassword(password), OPTIONS));
  }

  /**
   * Whether the password belongs to the hash. Without a hash (unknown user, guest) a decoy is checked, so that the
   * answer takes as long. Throws `UNAVAILABLE` when too many wait.
   */
  async matches(password: string, passwordHash: string | null): Promise<boolean> {
    const matches = await this.inTurn(() => verify(passwordHash ?? this.decoy, normalPassword(password)));
    return matches && passwordHash !== null;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await this.wait();
    else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private async wait(): Promise<void> {
    if (this.waiting.length >= WAITING) throw new ChatError('UNAVAILABLE', { retryAfterMs: 2000 });
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
