import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { READS } from '../database/data-source.js';
import { UsersModule } from '../users/users.module.js';
import { AttachmentAccess } from './attachment-access.js';
import { AttachmentDownloads } from './attachment-downloads.service.js';
import { AttachmentFiles } from './attachment-files.service.js';
import { AttachmentIntake } from './attachment-intake.service.js';
import { AttachmentUploads } from './attachment-uploads.service.js';
import { AttachmentUsage } from './attachment-usage.entity.js';
import { Attachment } from './attachment.entity.js';
import { AttachmentsController } from './attachments.controller.js';
import { AttachmentsQueries } from './attachments.queries.js';
import { AttachmentsService } from './attachments.service.js';
import { StrayAttachmentFiles } from './stray-attachment-files.service.js';
import { UnsentAttachments } from './unsent-attachments.service.js';

/** Files that people send. */
@Module({
  imports: [TypeOrmModule.forFeature([Attachment, AttachmentUsage], READS), AuthModule, UsersModule],
  controllers: [AttachmentsController],
  providers: [
    AttachmentAccess,
    AttachmentDownloads,
    AttachmentFiles,
    AttachmentIntake,
    AttachmentUploads,
    AttachmentsQueries,
    AttachmentsService,
    StrayAttachmentFiles,
    UnsentAttachments,
  ],
  exports: [AttachmentsService],
})
export class AttachmentsModule {}
