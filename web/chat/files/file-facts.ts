import type { AttachmentView } from '../../../src/protocol/attachment-views.js';

/** How a file is shown. */
export type FileKind = 'picture' | 'video' | 'audio' | 'other';

/** Pictures have a small one beside them; what has none is offered as a file. */
export function kindOf({ mediaType, thumbnailUrl }: Pick<AttachmentView, 'mediaType' | 'thumbnailUrl'>): FileKind {
  if (thumbnailUrl !== null) return 'picture';
  if (/^video\/(mp4|webm|ogg)/.test(mediaType)) return 'video';
  return mediaType.startsWith('audio/') ? 'audio' : 'other';
}

/** The largest size within a box that keeps the shape of a picture; a square where the shape is not known. */
export function fitted(
  { width, height }: Pick<AttachmentView, 'width' | 'height'>,
  most: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  if (!width || !height) return { width: most.height, height: most.height };
  const scale = Math.min(1, most.width / width, most.height / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}
