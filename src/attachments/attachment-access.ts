import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import type { Attachment } from './attachment.entity.js';
import { toAttachment } from './attachments.queries.js';

interface Row extends Attachment {
  readonly memberId: string | null;
  readonly visibleFromRev: number;
  readonly floorRev: number;
  /** The message, unless it is deleted. */
  readonly shownIn: string | null;
}

const SELECT = `SELECT a.*, m.userId AS memberId, m.visibleFromRev AS visibleFromRev, r.floorRev AS floorRev,
  g.id AS shownIn FROM attachments a
  LEFT JOIN rooms r ON r.id = a.roomId
  LEFT JOIN room_members m ON m.roomId = a.roomId AND m.userId = ?
  LEFT JOIN messages g ON g.roomId = a.roomId AND g.rev = a.rev AND g.deletedAt IS NULL`;

/**
 * Who may load which attachment: before it is sent, who uploaded it; after that, who may see the message. All of it is
 * read in one statement, so that nobody is shown anything as it is after his removal.
 */
@Injectable()
export class AttachmentAccess {
  constructor(private readonly reads: Reads) {}

  /** The attachment, for who may load it. Throws `NOT_FOUND`. */
  async requireVisible({ userId }: Principal, id: string): Promise<Attachment> {
    const [row] = await this.reads.query<Row>(`${SELECT} WHERE a.id = ?`, [userId, id]);
    if (!row || !isVisible(row, userId)) throw new ChatError('NOT_FOUND');
    return toAttachment(row);
  }

  /** Those of the attachments that a user may load, as the transaction sees them. */
  async visibleIn(tx: Tx, userId: string, ids: readonly string[]): Promise<Attachment[]> {
    const rows = await tx.query<Row>(`${SELECT} WHERE a.id IN (${placeholders(ids)})`, [userId, ...ids]);
    return rows.filter((row) => isVisible(row, userId)).map(toAttachment);
  }
}

function isVisible(row: Row, userId: string): boolean {
  if (row.messageId === null) return row.ownerId === userId;
  return row.memberId !== null && row.shownIn === row.messageId && Number(row.rev) >= firstVisibleRev(row);
}
