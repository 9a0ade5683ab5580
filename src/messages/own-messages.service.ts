import { Injectable } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import type { Principal } from '../access/principal.js';
import type { MessageView } from '../protocol/views.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import { toMessageView } from '../rooms/message.view.js';
import { RoomQueries } from '../rooms/room.queries.js';
import { type Bounded, MessageQueries, type Size } from './message.queries.js';

/** Revs that are looked through at once, without their texts: SQLite reads in the event loop. */
const STRETCH = 500;
/** Bytes of text that are read at once: 500 of the longest messages would hold the event loop up for a quarter of a second. */
const TEXT_BUDGET = 262_144;

/** What somebody wrote, for himself. */
@Injectable()
export class OwnMessages {
  constructor(
    private readonly rooms: RoomQueries,
    private readonly queries: MessageQueries,
  ) {}

  /**
   * The caller's messages in the rooms that he is a member of, room after room, ascending by rev; what he may not see
   * any more is not among them. The log of a room is looked through as a whole, since messages have no index by sender
   * (ADR 0015).
   */
  async *list({ userId }: Principal): AsyncGenerator<MessageView> {
    for (const roomId of await this.rooms.roomIdsOf(userId)) yield* this.listIn(roomId, userId);
  }

  private async *listIn(roomId: string, senderId: string): AsyncGenerator<MessageView> {
    // Asked when its turn has come: he may have been removed meanwhile.
    const head = await this.rooms.headOfMember(senderId, roomId);
    if (!head) return;
    const end = Number(head.headRev) + 1;
    for (let rev = firstVisibleRev(head); rev < end; rev += STRETCH) {
      const stretch = { roomId, after: rev - 1, before: Math.min(rev + STRETCH, end) };
      const sizes = await this.queries.sizesOfSender(stretch, senderId);
      await turn();
      for (const part of partsOf(stretch, sizes)) yield* this.read(part, senderId);
    }
  }

  private async *read(part: Bounded, senderId: string): AsyncGenerator<MessageView> {
    for (const message of await this.queries.ofSender(part, senderId)) yield toMessageView(message);
    await turn();
  }
}

/** The stretch in parts that hold at least one message each, and then as many as the budget does. */
function partsOf({ roomId, after }: Bounded, sizes: readonly Size[]): Bounded[] {
  const parts: Bounded[] = [];
  let start = after;
  let bytes = 0;
  sizes.forEach((size, at) => {
    bytes += Number(size.bytes);
    const isLast = at + 1 === sizes.length;
    if (!isLast && bytes + Number(sizes[at + 1].bytes) <= TEXT_BUDGET) return;
    parts.push({ roomId, after: start, before: size.rev + 1 });
    start = size.rev;
    bytes = 0;
  });
  return parts;
}
