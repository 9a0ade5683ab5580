import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { AppConfig } from '../config/app-config.js';
import type { Tx } from '../database/tx.js';

/** Bounds of how much one user may gather. Exact where the user is locked. */
@Injectable()
export class FriendCounts {
  constructor(private readonly config: AppConfig) {}

  /** Throws `QUOTA_EXCEEDED` where the user has as many open requests of his own as he may. */
  async requireFewRequests(tx: Tx, userId: string): Promise<void> {
    const sql = "SELECT COUNT(*) AS count FROM friendships WHERE requestedBy = ? AND state = 'pending'";
    const { friendRequests } = this.config.limits;
    if ((await count(tx, sql, [userId])) >= friendRequests) throw full('Take a friend request back first.');
  }

  /** Throws `QUOTA_EXCEEDED` where one of the users has as many friends as he may. */
  async requireFewFriends(tx: Tx, userIds: readonly string[]): Promise<void> {
    const { friends } = this.config.limits;
    for (const userId of userIds) {
      const of = (side: string) => `SELECT COUNT(*) AS count FROM friendships WHERE ${side} = ? AND state = 'accepted'`;
      const found = (await count(tx, of('userLow'), [userId])) + (await count(tx, of('userHigh'), [userId]));
      if (found >= friends) throw full('One of you has as many friends as there may be.');
    }
  }

  /** Throws `QUOTA_EXCEEDED` where the user has blocked as many as he may. */
  async requireFewBlocks(tx: Tx, userId: string): Promise<void> {
    const found = await count(tx, 'SELECT COUNT(*) AS count FROM blocks WHERE blockerId = ?', [userId]);
    if (found >= this.config.limits.blocks) throw full('Unblock somebody first.');
  }
}

async function count(tx: Tx, sql: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await tx.query<{ count: number }>(sql, parameters);
  return Number(row.count);
}

const full = (detail: string): ChatError => new ChatError('QUOTA_EXCEEDED', { detail });
