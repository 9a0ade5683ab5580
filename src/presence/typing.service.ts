import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import { EventHub } from '../events/event-hub.js';
import type { TellTyping } from '../protocol/commands.js';
import { AsideAccess } from './aside-access.js';

/** What others were told last of somebody in a room. */
interface Told {
  readonly at: number;
  readonly isTyping: boolean;
}

/** Users and rooms that are remembered before those who stopped long ago are forgotten. */
const REMEMBERED = 10_000;

/** Who is writing something. Nothing of it is stored. */
@Injectable()
export class TypingService {
  private readonly told = new Map<string, Told>();

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly access: AsideAccess,
    private readonly hub: EventHub,
  ) {}

  /**
   * Tells the other members of the room that the caller is writing (`typing`), at most once in `limits.typingEveryMs`,
   * or that he has stopped, where they do not know it already. Nobody is told in rooms above `limits.quietRoomMembers`,
   * of somebody invisible, and where one of the two has blocked the other.
   *
   * @throws ChatError what sending a message would be refused with, but for `SLOW_MODE`
   */
  async tell(principal: Principal, { roomId, typing }: TellTyping): Promise<void> {
    const key = principal.userId + roomId;
    if (!this.isNews(key, typing)) return;
    const audience = await this.access.requireWriter(principal, roomId);
    // Asked again: another command of his may have come first.
    if (!audience || !this.isNews(key, typing)) return;
    this.remember(key, typing);
    await this.hub.publish('TypingTold', { userId: principal.userId, typing, ...audience });
  }

  private isNews(key: string, typing: boolean): boolean {
    const { typingEveryMs, typingLastsMs } = this.config.limits;
    const told = this.told.get(key);
    if (!told) return typing;
    const ago = this.clock.now() - told.at;
    return typing ? ago >= typingEveryMs || ago < 0 : told.isTyping && ago < typingLastsMs;
  }

  private remember(key: string, isTyping: boolean): void {
    const now = this.clock.now();
    // A stop does not make way for the next beginning.
    const at = isTyping ? now : (this.told.get(key)?.at ?? now);
    this.told.set(key, { at, isTyping });
    if (this.told.size <= REMEMBERED) return;
    for (const [old, { at: since }] of this.told) {
      if (now - since >= this.config.limits.typingLastsMs) this.told.delete(old);
    }
  }
}
