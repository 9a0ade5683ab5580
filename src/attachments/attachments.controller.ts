import {
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Query,
  Req,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, CurrentUser, TakesSignature } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { AnswersPicture, sendPicture } from '../media/picture-answer.js';
import { TakesFile } from '../media/upload.decorator.js';
import { type AttachmentView, attachmentView } from '../protocol/attachment-views.js';
import { AttachmentDownloads } from './attachment-downloads.service.js';
import { AttachmentUploads } from './attachment-uploads.service.js';
import { AttachmentParams, DownloadQuery } from './attachments.dto.js';
import { AttachmentsService } from './attachments.service.js';
import { AnswersDownload, sendDownload } from './download-answer.js';

@ApiTags('attachments')
@Controller('attachments')
export class AttachmentsController {
  constructor(
    private readonly uploads: AttachmentUploads,
    private readonly downloads: AttachmentDownloads,
    private readonly attachments: AttachmentsService,
  ) {}

  /**
   * Uploads a file that is to be sent within 24 hours, at most `limits.attachmentBytes` of `GET /config`. Repeated with
   * the same key: 200 with the same attachment.
   */
  @Post()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat the same attachment; kept for 24 hours.',
  })
  @Access('attachment.upload')
  @TakesFile()
  @Answer(HttpStatus.CREATED, attachmentView)
  @Answer(HttpStatus.OK, attachmentView)
  async upload(
    @CurrentUser() principal: Principal,
    @Req() request: FastifyRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AttachmentView> {
    const { view, created } = await this.uploads.take(principal, request, idempotencyKey);
    if (!created) reply.status(HttpStatus.OK);
    return view;
  }

  /** The file, or one range of it; for its owner until it is sent, then for who may see the message. */
  @Get(':id')
  @Access('attachment.read')
  @TakesSignature()
  @AnswersDownload()
  async read(
    @CurrentUser() principal: Principal,
    @Param() { id }: AttachmentParams,
    @Query() _: DownloadQuery,
    @Req() { method, headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | ''> {
    const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = headers;
    const ask = { id, method, range, ifRange: ifRange?.toString(), ifNoneMatch };
    return sendDownload(reply, await this.downloads.open(principal, ask));
  }

  /** A small WebP of an image; for the same people. */
  @Get(':id/thumbnail')
  @Access('attachment.read')
  @TakesSignature()
  @AnswersPicture()
  async readThumbnail(
    @CurrentUser() principal: Principal,
    @Param() { id }: AttachmentParams,
    @Query() _: DownloadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendPicture(reply, await this.downloads.thumbnail(principal, id));
  }

  /** Takes an upload of the caller's back that he has not sent. */
  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('attachment.upload')
  @Answer(HttpStatus.NO_CONTENT)
  remove(@CurrentUser() principal: Principal, @Param() { id }: AttachmentParams): Promise<void> {
    return this.attachments.remove(principal, id);
  }
}
