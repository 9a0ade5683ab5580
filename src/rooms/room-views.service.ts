import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { ChatError } from '../common/chat-error.js';
import { READS } from '../database/data-source.js';
import { FriendsQueries } from '../friends/friends.queries.js';
import type { MemberRoomView } from '../protocol/views.js';
import { UsersService } from '../users/users.service.js';
import { UnreadMentions } from './members/unread-mentions-store.js';
import { ReadPositions } from './members/read-position-store.js';
import { RoomMember } from './members/room-member.entity.js';
import { Message } from './message.entity.js';
import { Room } from './room.entity.js';
import { peerIdOf, toMemberRoomView } from './room.view.js';

/** A membership with its room and the message at the room's newest rev. */
type Row = RoomMember & { room: Room; newest: Message | null };

/** Not that of the head: the room's last change may be of a message that is older. */
const NEWEST = 'newest.roomId = room.id AND newest.rev = (SELECT MAX(rev) FROM messages WHERE roomId = room.id)';

/**
 * Rooms as their members see them: with counters, the newest message and, in direct rooms, the other one. Membership,
 * room and message come from **one** statement, so nobody is shown what was written after he had gone.
 */
@Injectable()
export class RoomViews {
  constructor(
    private readonly positions: ReadPositions,
    private readonly mentions: UnreadMentions,
    private readonly users: UsersService,
    private readonly friends: FriendsQueries,
    @InjectRepository(RoomMember, READS) private readonly members: Repository<RoomMember>,
  ) {}

  /** One room of a user; null where he is no member. */
  async findOfUser(userId: string, roomId: string): Promise<MemberRoomView | null> {
    const rows = await this.rowsOf(userId).andWhere('member.roomId = :roomId', { roomId }).getMany();
    const [view] = await this.toViews(rows as Row[]);
    return view ?? null;
  }

  /** The same; throws `NOT_FOUND` where he is no member. */
  async getOfUser(userId: string, roomId: string): Promise<MemberRoomView> {
    const view = await this.findOfUser(userId, roomId);
    if (!view) throw new ChatError('NOT_FOUND');
    return view;
  }

  /** The rooms of a user after the room `after`, in the order of their ids. */
  async listOfUser(
    userId: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<MemberRoomView[]> {
    const rows = await this.rowsOf(userId)
      .andWhere('member.roomId > :after', { after: page.after })
      .orderBy('member.roomId')
      .limit(page.limit)
      .getMany();
    return this.toViews(rows as Row[]);
  }

  private rowsOf(userId: string): SelectQueryBuilder<RoomMember> {
    return this.members
      .createQueryBuilder('member')
      .innerJoinAndMapOne('member.room', Room, 'room', 'room.id = member.roomId')
      .leftJoinAndMapOne('member.newest', Message, 'newest', NEWEST)
      .where('member.userId = :userId', { userId });
  }

  private async toViews(rows: readonly Row[]): Promise<MemberRoomView[]> {
    const peerIds = rows.map(({ room, userId }) => peerIdOf(room, userId));
    const peers = await this.users.viewsOfAll(peerIds.filter((id) => id !== null));
    const isBlocked = await this.blockedSenders(rows);
    const readers = rows.map((row) => ({
      roomId: row.roomId,
      userId: row.userId,
      readSeq: this.positions.readSeqOf(row),
    }));
    const mentionsOf = await this.mentions.ofUser(rows[0]?.userId, readers);
    return rows.map(({ room, newest, ...member }, i) => {
      const peer = peers.get(peerIds[i] ?? '') ?? null;
      const { readSeq } = readers[i];
      const view = toMemberRoomView({ room, member, readSeq, mentions: mentionsOf(member), lastMessage: newest, peer });
      const { lastMessage } = view;
      return lastMessage && isBlocked(newest) ? { ...view, lastMessage: { ...lastMessage, blocked: true } } : view;
    });
  }

  /** Whether a message is of somebody whom the reader of these rows, who is the same in all, has blocked. */
  private async blockedSenders(rows: readonly Row[]): Promise<(message: Message | null) => boolean> {
    const reader = rows[0]?.userId;
    const senders = rows.flatMap(({ newest }) => (newest?.kind === 'text' ? (newest.senderId ?? []) : []));
    const others = senders.filter((id) => id !== reader);
    const blocked = await this.friends.blockedBy(reader, others);
    return (message) => message?.kind === 'text' && blocked.has(message.senderId ?? '');
  }
}
