import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ChatEvents } from '../events/chat-events.js';
import { EventHub } from '../events/event-hub.js';
import { LastSeenService } from './last-seen.service.js';
import { PresenceNews } from './presence-news.service.js';
import { PresenceStore } from './presence-store.js';

/** What happens elsewhere and changes who is seen how: choices, statuses, friends, blocks. */
@Injectable()
export class PresenceCauses implements OnModuleInit {
  constructor(
    private readonly hub: EventHub,
    private readonly store: PresenceStore,
    private readonly news: PresenceNews,
    private readonly lastSeen: LastSeenService,
  ) {}

  onModuleInit(): void {
    this.hub.on('StatusChanged', (changed) => this.onStatusChanged(changed));
    this.hub.on('FriendshipChanged', ({ userIds, areFriends }) => areFriends && this.news.notePair(userIds));
    this.hub.on('BlockChanged', ({ blockerId, blockedId }) => this.news.notePair([blockerId, blockedId]));
    this.hub.onInTransaction('UserDeleted', async (tx, { userId }) => {
      await tx.execute('UPDATE users SET presence = NULL, lastSeenAt = NULL WHERE id = ?', [userId]);
    });
  }

  /** Has ended before the answer leaves: nobody sees him from then on who chose to be invisible. */
  private async onStatusChanged({ userId, userRev, presence }: ChatEvents['StatusChanged']): Promise<void> {
    const changed = await this.store.choose(userId, { presence, userRev });
    if (changed && presence === 'invisible') this.lastSeen.go(userId);
    if (changed && presence !== 'invisible') this.lastSeen.come(userId);
    this.news.note([userId]);
  }
}
