import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import type { Block } from './block.entity.js';
import type { Friendship } from './friendship.entity.js';

/** On which side of a request somebody is. */
export type Direction = 'incoming' | 'outgoing';

interface Place {
  /** The key of the last item before; null at the beginning. */
  readonly behind: string | null;
  readonly limit: number;
}

const SIDES = {
  incoming: { own: 'requestedTo', other: 'requestedBy' },
  outgoing: { own: 'requestedBy', other: 'requestedTo' },
} as const;

/** Lists of friends, requests and blocks, each a range of an index. */
@Injectable()
export class FriendshipQueries {
  constructor(private readonly reads: Reads) {}

  /**
   * Friendships of the user with others who are active, in the order of their ids: those below his own id are where he
   * is the higher one of the pair, the rest where he is the lower one.
   */
  async friends(userId: string, { behind, limit }: Place): Promise<Friendship[]> {
    const below = behind !== null && behind > userId ? [] : await this.range('userLow', { userId, behind, limit });
    const left = limit - below.length;
    return left > 0 ? [...below, ...(await this.range('userHigh', { userId, behind, limit: left }))] : below;
  }

  /** Open requests with others who are active, newest first. */
  async requests(userId: string, direction: Direction, { behind, limit }: Place): Promise<Friendship[]> {
    const { own, other } = SIDES[direction];
    const rows = await this.reads.query<Friendship>(
      `SELECT f.* FROM friendships f JOIN users u ON u.id = f.${other}
       WHERE f.${own} = ? AND f.state = 'pending' AND u.status = 'active'${behind === null ? '' : ' AND f.requestId < ?'}
       ORDER BY f.requestId DESC LIMIT ?`,
      [userId, ...(behind === null ? [] : [behind]), limit],
    );
    return rows.map(toFriendship);
  }

  /** The pair of a request, open or accepted; null where there is none. */
  async ofRequest(requestId: string): Promise<Friendship | null> {
    const rows = await this.reads.query<Friendship>('SELECT * FROM friendships WHERE requestId = ?', [requestId]);
    return rows[0] ? toFriendship(rows[0]) : null;
  }

  /** Blocks of the user, in the order of the ids of the blocked. */
  async blocks(userId: string, { behind, limit }: Place): Promise<Block[]> {
    const rows = await this.reads.query<Block>(
      'SELECT * FROM blocks WHERE blockerId = ? AND blockedId > ? ORDER BY blockedId LIMIT ?',
      [userId, behind ?? '', limit],
    );
    return rows.map((row) => ({ ...row, createdAt: Number(row.createdAt) }));
  }

  private async range(
    other: 'userLow' | 'userHigh',
    { userId, behind, limit }: Place & { readonly userId: string },
  ): Promise<Friendship[]> {
    const own = other === 'userLow' ? 'userHigh' : 'userLow';
    const rows = await this.reads.query<Friendship>(
      `SELECT f.* FROM friendships f JOIN users u ON u.id = f.${other}
       WHERE f.${own} = ? AND f.state = 'accepted' AND f.${other} > ? AND u.status = 'active'
       ORDER BY f.${other} LIMIT ?`,
      [userId, behind ?? '', limit],
    );
    return rows.map(toFriendship);
  }
}

/** The row as the driver gives it, with numbers as numbers. */
export const toFriendship = (row: Friendship): Friendship => ({
  ...row,
  createdAt: Number(row.createdAt),
  acceptedAt: row.acceptedAt === null ? null : Number(row.acceptedAt),
});
