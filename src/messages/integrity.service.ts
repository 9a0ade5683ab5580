import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { AppConfig } from '../config/app-config.js';
import { InstallationService } from '../database/installation.service.js';
import { Reads } from '../database/reads.js';
import type { IntegrityView } from '../protocol/message-views.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import { RoomAccess } from '../rooms/room-access.js';

/** Rows read at once: SQLite reads in the event loop. */
const ROWS = 1000;

interface Row {
  readonly rev: number;
  readonly id: string;
  readonly lastRev: number;
}

/** What clients compare their copy of a room with. */
@Injectable()
export class IntegrityService {
  constructor(
    private readonly config: AppConfig,
    private readonly access: RoomAccess,
    private readonly installation: InstallationService,
    private readonly reads: Reads,
  ) {}

  /**
   * How many messages and notices lie in a range of revs, and a checksum over them: SHA-256, in hex, over a line
   * `rev:id:lastRev\n` for each, ascending. The range is cut to what the caller may see; by default it is the newest
   * `limits.integrityRange` revs. What changes while it is read shows in the `lastRev` of a row, above `headRev`.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` for somebody who is no member; `VALIDATION_FAILED` for a range that is too
   *   long or ends before it begins
   */
  async check(
    principal: Principal,
    { roomId, from, to }: { readonly roomId: string; readonly from?: number; readonly to?: number },
  ): Promise<IntegrityView> {
    const head = await this.access.requireReader(principal, roomId);
    const first = firstVisibleRev(head);
    const headRev = Number(head.headRev);
    const most = this.config.limits.integrityRange;
    const last = Math.min(to ?? headRev, headRev);
    const begin = Math.max(from ?? last - most + 1, first);
    if (from !== undefined && to !== undefined && to < from) throw refused('must not lie before from');
    if (last - begin + 1 > most) throw refused(`must be at most ${most} revs from the first`);
    const { count, checksum } = await this.sum(roomId, begin, last);
    const { epoch } = this.installation;
    const headSeq = Number(head.headSeq);
    return { roomId, epoch, headRev, headSeq, floorRev: first - 1, from: begin, to: last, count, checksum };
  }

  private async sum(roomId: string, from: number, to: number): Promise<{ count: number; checksum: string }> {
    const hash = createHash('sha256');
    let count = 0;
    for (let rev = from; rev <= to; rev += ROWS) {
      const rows = await this.reads.query<Row>(
        'SELECT rev, id, lastRev FROM messages WHERE roomId = ? AND rev >= ? AND rev <= ? ORDER BY rev',
        [roomId, rev, Math.min(rev + ROWS - 1, to)],
      );
      for (const row of rows) hash.update(`${row.rev}:${row.id}:${row.lastRev}\n`);
      count += rows.length;
      await turn();
    }
    return { count, checksum: hash.digest('hex') };
  }
}

const refused = (message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path: 'to', code: 'range', message }] });
