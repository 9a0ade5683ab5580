import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { READS } from '../../database/data-source.js';
import { DRAWING, madePicture } from '../../media/made-picture.js';
import type { Picture } from '../../media/picture-answer.js';
import type { PictureSize } from '../../media/picture-rendering.js';
import { Pictures } from '../../media/pictures.service.js';
import type { MemberRoomView } from '../../protocol/views.js';
import { RoomAccess } from '../room-access.js';
import { RoomEdits } from '../room-edits.js';
import { RoomSettings } from '../room-settings.js';
import { RoomViews } from '../room-views.service.js';
import { Room } from '../room.entity.js';
import { MADE_UP } from '../room.view.js';

/** Which picture is asked for. */
export interface RoomAvatarAsk {
  readonly size: PictureSize;
  /** The picture that the room's `avatarUrl` names. */
  readonly version?: string;
}

/** The pictures of group rooms. */
@Injectable()
export class RoomAvatars {
  constructor(
    private readonly pictures: Pictures,
    private readonly access: RoomAccess,
    private readonly edits: RoomEdits,
    private readonly settings: RoomSettings,
    private readonly views: RoomViews,
    @InjectRepository(Room, READS) private readonly rooms: Repository<Room>,
  ) {}

  /**
   * The picture of a room, without a token. That of a private room is shown to who names it, that is to whom its
   * `avatarUrl` was shown; to everybody else, and for an id that is none, there is the made-up one, which tells nothing.
   */
  async read(roomId: string, { size, version }: RoomAvatarAsk): Promise<Picture> {
    const room = await this.rooms.findOneBy({ id: roomId });
    const picture = room?.avatar ?? null;
    const isShown = room?.visibility === 'public' || (picture !== null && version === picture);
    const content = picture !== null && isShown ? await this.pictures.read(picture, size) : null;
    if (content === null) {
      const drawing = Buffer.from(madePicture(roomId));
      const isFixed = version === MADE_UP;
      return { content: drawing, mediaType: 'image/svg+xml', tag: `${MADE_UP}-${DRAWING}`, isFixed };
    }
    return { content, mediaType: 'image/webp', tag: `${picture}-${size}`, isFixed: version === picture };
  }

  /**
   * Makes the picture of the request's form the room's, in place of the one before, with a `room.updated` notice that
   * names `avatarUrl`.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`, and as `Pictures.take`
   */
  async set(principal: Principal, roomId: string, request: FastifyRequest): Promise<MemberRoomView> {
    // Before a picture is read for somebody who may not set it.
    await this.access.requireAction(principal, roomId, 'room.update');
    const avatar = await this.pictures.take(principal, request);
    try {
      await this.replace(principal, roomId, avatar);
    } catch (error) {
      // Whether it became the room's is not known after a timeout; a file too many is better than one too few.
      const isUnknown = error instanceof ChatError && error.code === 'TIMEOUT';
      if (!isUnknown) await this.pictures.remove(avatar);
      throw error;
    }
    return this.views.getOfUser(principal.userId, roomId);
  }

  /** Removes the room's picture, with the same notice; without one, nothing changes. Throws as `set`. */
  async remove(principal: Principal, roomId: string): Promise<void> {
    await this.replace(principal, roomId, null);
  }

  private replace(principal: Principal, roomId: string, avatar: string | null): Promise<void> {
    return this.edits.run({ roomId }, async (edit) => {
      const { tx, head } = edit;
      await this.access.requireIn(tx, head, { principal, action: 'room.update' });
      const { avatar: old } = await tx.manager.findOneByOrFail(Room, { id: head.id });
      await this.settings.change(edit, principal.byId, { avatar });
      if (old !== null && old !== avatar) tx.onCommit(() => this.pictures.remove(old));
    });
  }
}
