import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { PreferencesQueries } from '../users/preferences.queries.js';

/** What a member shows, where nothing hides it. */
export interface ReceiptRow {
  readonly roomId: string;
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

/** The same with what says whether and to whom it may be told. */
export interface TellableRow extends ReceiptRow {
  readonly isHidden: boolean;
  /** The rev as of which the room's members are meant. */
  readonly asOf: number;
}

type Stored<Row> = { readonly [K in keyof Row]: Row[K] | null };

const MARKS = 'm.roomId AS roomId, m.userId AS userId, m.deliveredSeq AS deliveredSeq, m.shownReadSeq AS readSeq';

/** How far members show that they have received and read. */
@Injectable()
export class ReceiptsQueries {
  constructor(
    private readonly reads: Reads,
    private readonly preferences: PreferencesQueries,
  ) {}

  /** The members of a room but one, in the order of their ids; without those who have switched receipts off. */
  async listOthers(roomId: string, userId: string): Promise<ReceiptRow[]> {
    const rows = await this.reads.query<Stored<ReceiptRow>>(
      `SELECT ${MARKS} FROM room_members m WHERE m.roomId = ? AND m.userId <> ? ORDER BY m.userId`,
      [roomId, userId],
    );
    const preferences = await this.preferences.of(rows.map((row) => row.userId ?? ''));
    return rows.map(toRow).filter((row) => preferences.get(row.userId)?.receipts);
  }

  /** Those of the users who show what they receive and read: neither invisible nor with receipts switched off. */
  async showing(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const ids = [...new Set(userIds)];
    const rows = await this.reads.query<{ id: string }>(
      `SELECT id FROM users WHERE id IN (${placeholders(ids)}) AND (presence IS NULL OR presence <> 'invisible')`,
      ids,
    );
    const preferences = await this.preferences.of(ids);
    return new Set(rows.map(({ id }) => id).filter((id) => preferences.get(id)?.receipts));
  }

  /** Those of the members that there are. Exact where their users are locked. */
  async findIn(tx: Tx, members: readonly { roomId: string; userId: string }[]): Promise<TellableRow[]> {
    const rows = await tx.query<Stored<ReceiptRow> & { presence: string | null; memberRev: number; headRev: number }>(
      `SELECT ${MARKS}, u.presence AS presence, r.memberRev AS memberRev, r.headRev AS headRev
       FROM room_members m JOIN rooms r ON r.id = m.roomId JOIN users u ON u.id = m.userId
       WHERE ${members.map(() => '(m.roomId = ? AND m.userId = ?)').join(' OR ')}`,
      members.flatMap(({ roomId, userId }) => [roomId, userId]),
    );
    const preferences = await this.preferences.in(
      tx,
      members.map(({ userId }) => userId),
    );
    return rows.map(toRow).map((row, i) => ({
      ...row,
      isHidden: rows[i].presence === 'invisible' || preferences.get(row.userId)?.receipts !== true,
      // Rights may change without a rev; members do not.
      asOf: Math.min(Number(rows[i].memberRev), Number(rows[i].headRev)),
    }));
  }

  /** Notes what is shown of members from now on. */
  async store(tx: Tx, rows: readonly ReceiptRow[]): Promise<void> {
    await tx.postEach(
      'UPDATE room_members SET deliveredSeq = ?, shownReadSeq = ? WHERE roomId = ? AND userId = ?',
      rows.map(({ deliveredSeq, readSeq, roomId, userId }) => [deliveredSeq, readSeq, roomId, userId]),
    );
  }
}

const toRow = ({ roomId, userId, deliveredSeq, readSeq }: Stored<ReceiptRow>): ReceiptRow => ({
  roomId: roomId ?? '',
  userId: userId ?? '',
  deliveredSeq: Number(deliveredSeq ?? 0),
  readSeq: Number(readSeq ?? 0),
});
