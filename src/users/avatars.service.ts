import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DRAWING, madePicture } from '../media/made-picture.js';
import type { Picture } from '../media/picture-answer.js';
import type { PictureSize } from '../media/picture-rendering.js';
import { Pictures } from '../media/pictures.service.js';
import type { MeView } from '../protocol/views.js';
import { OwnProfile } from './own-profile.service.js';
import { MADE_UP, pictureOf } from './user.view.js';
import { UsersQueries } from './users.queries.js';

/** Which picture is asked for. */
export interface AvatarAsk {
  readonly size: PictureSize;
  /** The picture that the asking one knows of; it is sent whatever this is. */
  readonly version?: string;
}

/** The pictures of users. */
@Injectable()
export class Avatars {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly queries: UsersQueries,
    private readonly profile: OwnProfile,
    private readonly pictures: Pictures,
  ) {}

  /**
   * The picture of a user, for everybody who knows his id: his own, or a made-up one where he has none or is suspended.
   *
   * @throws ChatError `NOT_FOUND` for nobody, and for a deleted account
   */
  async read(userId: string, { size, version }: AvatarAsk): Promise<Picture> {
    const user = await this.queries.find(userId);
    if (!user || user.status === 'deleted') throw new ChatError('NOT_FOUND');
    const picture = pictureOf(user);
    const isFixed = version === picture;
    if (picture === MADE_UP) {
      const content = Buffer.from(madePicture(userId));
      return { content, mediaType: 'image/svg+xml', tag: `${MADE_UP}-${DRAWING}`, isFixed };
    }
    const content = await this.pictures.read(picture, size);
    // It was replaced a moment ago.
    if (!content) throw new ChatError('NOT_FOUND');
    return { content, mediaType: 'image/webp', tag: `${picture}-${size}`, isFixed };
  }

  /** The picture that the caller has uploaded, in its largest size; null where he has none. */
  async ownOf({ userId }: Principal): Promise<Buffer | null> {
    const { avatar } = await this.queries.get(userId);
    return avatar === null ? null : this.pictures.read(avatar, 256);
  }

  /**
   * Makes the picture of the request's form the caller's, and removes the one before. `profile.updated` goes to his
   * connections.
   *
   * @throws ChatError as `Pictures.take`
   */
  async set(principal: Principal, request: FastifyRequest): Promise<MeView> {
    const avatar = await this.pictures.take(principal, request);
    try {
      return await this.replace(principal.userId, avatar);
    } catch (error) {
      // Whether it became his is not known after a timeout; a file too many is better than one too few.
      const isUnknown = error instanceof ChatError && error.code === 'TIMEOUT';
      if (!isUnknown) await this.pictures.remove(avatar);
      throw error;
    }
  }

  /** Removes the caller's picture, with `profile.updated`; without one, nothing changes. */
  async remove({ userId }: Principal): Promise<void> {
    const user = await this.queries.get(userId);
    if (user.avatar !== null) await this.replace(userId, null);
  }

  private replace(userId: string, avatar: string | null): Promise<MeView> {
    return this.uow.run(async (tx) => {
      const { before, view } = await this.profile.change(tx, userId, () => ({ avatar }));
      const old = before.avatar;
      if (old !== null) tx.onCommit(() => this.pictures.remove(old));
      return view;
    });
  }
}
