import { Optional, Text, Ulid } from '../common/validators.js';

/** The id in a path. */
export class AttachmentParams {
  @Ulid() id!: string;
}

/** `GET /attachments/:id` and its thumbnail. */
export class DownloadQuery {
  /** Of a signed link; stands in the place of a token. */
  @Optional() @Text({ max: 200, line: true }) signature?: string;
}
