import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { buffer } from 'node:stream/consumers';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { AppConfig } from '../config/app-config.js';
import { RateLimits } from '../limits/rate-limits.js';
import { isUlid } from '../protocol/ulid.js';
import { FileStore } from '../storage/file-store.js';
import { ImageGate } from './image-gate.js';
import { isPicture } from './image-loaders.js';
import { PICTURE_SIZES, type PictureSize, renderPicture } from './picture-rendering.js';
import { Uploads } from './uploads.service.js';

const FOLDER = 'pictures';
const FILE = /\/([0-9A-Z]{26})-\d+\.webp$/;

/** Pictures that stand for users and rooms, in two sizes. */
@Injectable()
export class Pictures {
  constructor(
    private readonly config: AppConfig,
    private readonly limits: RateLimits,
    private readonly uploads: Uploads,
    private readonly store: FileStore,
    private readonly gate: ImageGate,
  ) {}

  /**
   * Receives a picture and keeps it in every size, as something new: whoever takes it writes down its id, and removes
   * it where that fails.
   *
   * @returns its id
   * @throws ChatError as `Uploads.receive`; `UNSUPPORTED_MEDIA` for what is no JPEG, PNG, WebP, GIF or AVIF;
   *   `VALIDATION_FAILED` for one that is too large, broken off or no picture; `RATE_LIMITED`; `UNAVAILABLE` when too
   *   many are being read
   */
  take(principal: Principal, request: FastifyRequest): Promise<string> {
    this.limits.take('uploads', principal.userId);
    const { pictureBytes, picturePixels } = this.config.limits;
    return this.uploads.receive(request, pictureBytes, async ({ path, mediaType }) => {
      if (!isPicture(mediaType)) throw new ChatError('UNSUPPORTED_MEDIA');
      return this.keep(await this.gate.run(() => renderPicture(path, picturePixels)));
    });
  }

  /** A picture in one size, as WebP; null where it is gone. */
  async read(pictureId: string, size: PictureSize): Promise<Buffer | null> {
    const file = await this.store.get(keyOf(pictureId, size));
    return file && buffer(file.stream);
  }

  /** Removes a picture in every size; one that is gone already stays so. */
  async remove(pictureId: string): Promise<void> {
    for (const size of PICTURE_SIZES) await this.store.remove(keyOf(pictureId, size));
  }

  /** The ids of all pictures that are kept, once for each of their sizes. */
  async *list(): AsyncGenerator<string> {
    for await (const key of this.store.list(FOLDER)) {
      const [, pictureId] = FILE.exec(key) ?? [];
      if (isUlid(pictureId)) yield pictureId;
    }
  }

  private async keep(pictures: ReadonlyMap<PictureSize, Buffer>): Promise<string> {
    const pictureId = newId();
    try {
      for (const [size, content] of pictures) await this.store.put(keyOf(pictureId, size), content);
      return pictureId;
    } catch (error) {
      await this.remove(pictureId);
      throw error;
    }
  }
}

/** In folders by the last characters, which are random: no folder grows too large. */
const keyOf = (pictureId: string, size: PictureSize): string =>
  `${FOLDER}/${pictureId.slice(-2)}/${pictureId}-${size}.webp`;
