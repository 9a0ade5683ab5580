import { IdempotencyKey } from './limits/idempotency-key.entity.js';
import { Installation } from './database/installation.entity.js';
import { Message } from './rooms/message.entity.js';
import { Room } from './rooms/room.entity.js';
import { RoomBan } from './rooms/members/room-ban.entity.js';
import { RoomMember } from './rooms/members/room-member.entity.js';
import type { Schema } from './database/data-source.js';
import { Session } from './auth/session.entity.js';
import { NoSenderIndex1790100000000 } from './database/migrations/1790100000000-no-sender-index.js';
import { Spine1790000000000 } from './database/migrations/1790000000000-spine.js';
import { User } from './users/user.entity.js';
import { WsTicket } from './auth/ws-ticket.entity.js';

/** Every table and every migration, oldest first; a test compares this list with what the modules register. */
export const schema: Schema = {
  entities: [Installation, User, Session, WsTicket, IdempotencyKey, Room, RoomMember, RoomBan, Message],
  migrations: [Spine1790000000000, NoSenderIndex1790100000000],
};
