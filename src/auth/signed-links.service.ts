import { Injectable } from '@nestjs/common';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import { isUlid } from '../protocol/ulid.js';

/** Milliseconds for which a link is good. */
const LIFE_MS = 900_000;

/** Signatures in links, for what loads without a token, such as `<img>`. A link is good for one login and one thing. */
@Injectable()
export class SignedLinks {
  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** What lets who has it load a thing for 15 minutes as the principal, as long as his login lives and he may. */
  sign({ sessionId }: Principal, id: string): string {
    return this.made(sessionId, this.clock.now() + LIFE_MS, id);
  }

  /** The login that a signature was made for; null for one that is not ours, for another thing, or over. */
  read(signature: string, id: string): string | null {
    const [sessionId, end] = signature.split('.');
    if (!isUlid(sessionId) || !/^\d{1,15}$/.test(end ?? '')) return null;
    const [expected, given] = [this.made(sessionId, Number(end), id), signature].map((text) => Buffer.from(text));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    return Number(end) > this.clock.now() ? sessionId : null;
  }

  private made(sessionId: string, end: number, id: string): string {
    const mac = createHmac('sha256', this.config.auth.linkSecret).update(`${id}.${sessionId}.${end}`);
    return `${sessionId}.${end}.${mac.digest('base64url')}`;
  }
}
