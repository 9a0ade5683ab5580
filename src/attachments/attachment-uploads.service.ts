import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../access/principal.js';
import { SignedLinks } from '../auth/signed-links.service.js';
import { AppConfig } from '../config/app-config.js';
import { checkIdempotencyKey } from '../limits/idempotency-keys.service.js';
import { RateLimits } from '../limits/rate-limits.js';
import { cleanName, withEnding } from '../media/file-names.js';
import { isPicture } from '../media/image-loaders.js';
import { Images } from '../media/images.service.js';
import { OPAQUE } from '../media/media-types.js';
import { type Upload, Uploads } from '../media/uploads.service.js';
import type { AttachmentView } from '../protocol/attachment-views.js';
import { type AttachmentDraft, AttachmentIntake } from './attachment-intake.service.js';
import { toAttachmentFacts, toAttachmentView } from './attachment.view.js';

/** What a form takes beside its file, at most. */
const FORM_BYTES = 65_536;

type Made = Pick<AttachmentDraft, 'path' | 'facts' | 'thumbnail'>;

/** Files that come in to be sent. */
@Injectable()
export class AttachmentUploads {
  constructor(
    private readonly config: AppConfig,
    private readonly limits: RateLimits,
    private readonly uploads: Uploads,
    private readonly images: Images,
    private readonly intake: AttachmentIntake,
    private readonly links: SignedLinks,
  ) {}

  /**
   * Receives the file of the request's form as an attachment of the principal's that waits to be sent, for 24 hours.
   * Images are made what others may see (`Images.prepare`); any other file stays as it is. With a key that was used for
   * the same file before: the attachment that was made then.
   *
   * @throws ChatError as `Uploads.receive`, `Images.prepare` and `AttachmentIntake.take`; `RATE_LIMITED`
   */
  async take(
    principal: Principal,
    request: FastifyRequest,
    key: string | undefined,
  ): Promise<{ view: AttachmentView; created: boolean }> {
    checkIdempotencyKey(key);
    this.limits.take('uploads', principal.userId);
    // The length of the form, where it is told: nobody is to send all of it in vain.
    const told = Number(request.headers['content-length'] ?? 0) - FORM_BYTES;
    await this.intake.requireRoom(principal, Math.max(told, 1));
    const { attachment, created } = await this.uploads.receive(
      request,
      this.config.limits.attachmentBytes,
      async (upload) => {
        const body = { name: upload.name, sha256: upload.sha256 };
        return this.intake.take(principal, { ...(await this.make(upload)), key, body });
      },
    );
    const signature = this.links.sign(principal, attachment.id);
    return { view: toAttachmentView(toAttachmentFacts(attachment), signature), created };
  }

  private async make(upload: Upload): Promise<Made> {
    const { path, bytes, sha256, mediaType } = upload;
    const name = cleanName(upload.name);
    if (mediaType === null || !isPicture(mediaType)) {
      const facts = { name, mediaType: mediaType ?? OPAQUE, bytes, sha256, width: null, height: null };
      return { path, facts, thumbnail: null };
    }
    const { path: imagePath, thumbnail, ...image } = await this.images.prepare(upload, mediaType);
    const ending = image.mediaType === mediaType ? null : image.mediaType.replace('image/', '');
    return { path: imagePath, facts: { ...image, name: ending ? withEnding(name, ending) : name }, thumbnail };
  }
}
