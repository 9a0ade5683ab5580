import type { AttachmentView } from '../protocol/attachment-views.js';
import type { Attachment } from './attachment.entity.js';

/** What a message keeps of an attachment, so that reading it needs no look-up. */
export interface AttachmentFacts {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly hasThumbnail: boolean;
}

const ROUTE = '/api/v1/attachments';

/** What is to be kept of an attachment. */
export function toAttachmentFacts(row: Attachment): AttachmentFacts {
  const { id, name, mediaType, bytes, sha256, width, height, thumbnailKey } = row;
  return { id, name, mediaType, bytes, sha256, width, height, hasThumbnail: thumbnailKey !== null };
}

/**
 * An attachment as it stands in answers, and without a signature in frames, which are the same for everybody.
 *
 * @param signature as `SignedLinks` makes it for the reader
 */
export function toAttachmentView(facts: AttachmentFacts, signature?: string): AttachmentView {
  const { hasThumbnail, ...told } = facts;
  const url = (path: string) => `${ROUTE}/${facts.id}${path}${signature ? `?signature=${signature}` : ''}`;
  return { ...told, url: url(''), thumbnailUrl: hasThumbnail ? url('/thumbnail') : null };
}
