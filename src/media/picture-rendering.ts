import sharp from 'sharp';
import { PICTURE_SECONDS, readHead, refuse } from './image-loaders.js';

/** Width and height in which pictures are kept. */
export const PICTURE_SIZES = [64, 256] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];

/**
 * A picture in every size: square, upright, as WebP, without anything that the file said beside its pixels. Of a moving
 * one the first frame.
 *
 * @throws ChatError `VALIDATION_FAILED` for too many pixels, and for a file that is broken off or no picture
 */
export async function renderPicture(path: string, maxPixels: number): Promise<ReadonlyMap<PictureSize, Buffer>> {
  await readHead(path, maxPixels);
  const large = sharp(path, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true })
    .timeout({ seconds: PICTURE_SECONDS })
    .autoOrient()
    .resize(256, 256, { fit: 'cover' });
  const upright = await large.png({ compressionLevel: 1 }).toBuffer().catch(refuse);
  const pictures = new Map<PictureSize, Buffer>();
  for (const size of PICTURE_SIZES) {
    pictures.set(size, await sharp(upright).resize(size, size).webp({ quality: 85 }).toBuffer());
  }
  return pictures;
}
