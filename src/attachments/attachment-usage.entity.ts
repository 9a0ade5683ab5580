import { Entity } from 'typeorm';
import { IdColumn, NumberColumn } from '../database/columns.js';

/** How many attachments a user has and their bytes together: the sums over his rows of `attachments`. */
@Entity('attachment_usage')
export class AttachmentUsage {
  @IdColumn() userId!: string;
  @NumberColumn() files!: number;
  @NumberColumn() bytes!: number;
}
