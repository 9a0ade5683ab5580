import { AttachmentUsage } from './attachments/attachment-usage.entity.js';
import { Attachment } from './attachments/attachment.entity.js';
import { Attachments1790710000000 } from './database/migrations/1790710000000-attachments.js';
import { Block } from './friends/block.entity.js';
import { Friends1790200000000 } from './database/migrations/1790200000000-friends.js';
import { Friendship } from './friends/friendship.entity.js';
import { IdempotencyKey } from './limits/idempotency-key.entity.js';
import { Installation } from './database/installation.entity.js';
import { Mention } from './rooms/members/mention.entity.js';
import { MessageParts1790720000000 } from './database/migrations/1790720000000-message-parts.js';
import { AttachmentUsage1790735000000 } from './database/migrations/1790735000000-attachment-usage.js';
import { MessageReply } from './messages/message-reply.entity.js';
import { MessageRevision } from './messages/editing/message-revision.entity.js';
import { Pin } from './messages/editing/pin.entity.js';
import { Reaction } from './messages/editing/reaction.entity.js';
import { MessageChange } from './rooms/message-change.entity.js';
import { MessageChanges1790700000000 } from './database/migrations/1790700000000-message-changes.js';
import { Message } from './rooms/message.entity.js';
import { Room } from './rooms/room.entity.js';
import { RoomBan } from './rooms/members/room-ban.entity.js';
import { RoomMember } from './rooms/members/room-member.entity.js';
import { RoomInvite } from './rooms/invites/room-invite.entity.js';
import type { Schema } from './database/data-source.js';
import { RoomMute } from './rooms/members/room-mute.entity.js';
import { RoomSend } from './rooms/members/room-send.entity.js';
import { RoomAvatars1790520000000 } from './database/migrations/1790520000000-room-avatars.js';
import { RoomMutes1790530000000 } from './database/migrations/1790530000000-room-mutes.js';
import { PictureOwners1790620000000 } from './database/migrations/1790620000000-picture-owners.js';
import { Session } from './auth/session.entity.js';
import { Communities1790500000000 } from './database/migrations/1790500000000-communities.js';
import { Invites1790510000000 } from './database/migrations/1790510000000-invites.js';
import { NoSenderIndex1790100000000 } from './database/migrations/1790100000000-no-sender-index.js';
import { Receipts1790600000000 } from './database/migrations/1790600000000-receipts.js';
import { RoomTraces1790610000000 } from './database/migrations/1790610000000-room-traces.js';
import { Spine1790000000000 } from './database/migrations/1790000000000-spine.js';
import { Presence1790300000000 } from './database/migrations/1790300000000-presence.js';
import { User } from './users/user.entity.js';
import { UserName } from './users/user-name.entity.js';
import { Avatars1790410000000 } from './database/migrations/1790410000000-avatars.js';
import { UserNames1790400000000 } from './database/migrations/1790400000000-user-names.js';
import { WsTicket } from './auth/ws-ticket.entity.js';

/** Every table and every migration, oldest first; a test compares this list with what the modules register. */
export const schema: Schema = {
  entities: [
    Installation,
    User,
    UserName,
    Session,
    WsTicket,
    IdempotencyKey,
    Room,
    RoomMember,
    RoomBan,
    RoomInvite,
    RoomMute,
    RoomSend,
    Message,
    MessageChange,
    MessageRevision,
    MessageReply,
    Mention,
    Reaction,
    Pin,
    Attachment,
    AttachmentUsage,
    Friendship,
    Block,
  ],
  migrations: [
    Spine1790000000000,
    NoSenderIndex1790100000000,
    Friends1790200000000,
    Presence1790300000000,
    UserNames1790400000000,
    Avatars1790410000000,
    Communities1790500000000,
    Invites1790510000000,
    RoomAvatars1790520000000,
    RoomMutes1790530000000,
    Receipts1790600000000,
    RoomTraces1790610000000,
    PictureOwners1790620000000,
    MessageChanges1790700000000,
    Attachments1790710000000,
    MessageParts1790720000000,
    AttachmentUsage1790735000000,
  ],
};
