import { Injectable, type OnModuleInit } from '@nestjs/common';
import { chunksOf } from '../common/chunks.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { ChatEvents } from '../events/chat-events.js';
import { EventHub } from '../events/event-hub.js';
import { directKeyOf } from './room.view.js';

/** Rooms in one statement. */
const CHUNK = 500;

/**
 * Makes every copy of a direct room's roster worthless in the transaction that changes who may write to whom: a block, a
 * friendship, a preference. Whoever sends after its answer is checked against a roster that knows of it (ADR 0021).
 */
@Injectable()
export class DirectRights implements OnModuleInit {
  constructor(private readonly hub: EventHub) {}

  onModuleInit(): void {
    this.hub.onInTransaction('ContactsChanged', async (tx, { pairs }) => this.renew(tx, await roomsOfPairs(tx, pairs)));
    this.hub.onInTransaction('PreferencesChanged', async (tx, { userId, before, after }) => {
      if (before.contact !== after.contact) await this.renew(tx, await roomsOfUser(tx, userId));
    });
  }

  /** Locks the rooms in the order of their ids, which is also that in which one statement finds them. */
  private async renew(tx: Tx, roomIds: readonly string[]): Promise<void> {
    for (const ids of chunksOf([...roomIds].sort(), CHUNK)) {
      await tx.execute(`UPDATE rooms SET memberRev = memberRev + 1 WHERE id IN (${placeholders(ids)})`, ids);
    }
  }
}

interface Row {
  readonly id: string;
}

/** The direct rooms of pairs that are locked, so that none comes to be. */
async function roomsOfPairs(tx: Tx, pairs: ChatEvents['ContactsChanged']['pairs']): Promise<string[]> {
  const found: string[] = [];
  const directKeys = pairs.map(([one, other]) => directKeyOf(one, other));
  for (const keys of chunksOf(directKeys, CHUNK)) {
    const rows = await tx.query<Row>(`SELECT id FROM rooms WHERE directKey IN (${placeholders(keys)})`, keys);
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}

async function roomsOfUser(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx.query<Row>(
    `SELECT r.id AS id FROM room_members m JOIN rooms r ON r.id = m.roomId
     WHERE m.userId = ? AND r.kind = 'direct' ORDER BY m.roomId`,
    [userId],
  );
  return rows.map(({ id }) => id);
}
