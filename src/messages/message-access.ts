import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import type { ShownMessage } from '../rooms/message.view.js';
import { RoomAccess } from '../rooms/room-access.js';
import type { MemberHead } from '../rooms/room.queries.js';
import { MessageQueries } from './message.queries.js';

/** Which message is meant; over the socket its room is said too, and must be the right one. */
export interface MessageTarget {
  readonly id: string;
  readonly roomId?: string;
}

/** A message, and where its reader stands in its room. */
export interface SeenMessage {
  readonly message: ShownMessage;
  readonly head: MemberHead;
}

/** Who may see which message. */
@Injectable()
export class MessageAccess {
  constructor(
    private readonly access: RoomAccess,
    private readonly queries: MessageQueries,
  ) {}

  /** Throws `NOT_FOUND` where there is none that the caller may see. */
  async requireSeen(principal: Principal, { id, roomId }: MessageTarget): Promise<SeenMessage> {
    const message = await this.queries.find(id);
    if (!message || (roomId !== undefined && message.roomId !== roomId)) throw new ChatError('NOT_FOUND');
    const head = await this.access.requireReader(principal, message.roomId).catch((cause: unknown) => {
      // An outsider must not learn from the code that the message exists.
      throw cause instanceof ChatError ? new ChatError('NOT_FOUND', { cause }) : cause;
    });
    if (message.rev < firstVisibleRev(head)) throw new ChatError('NOT_FOUND');
    return { message, head };
  }
}
