import sharp from 'sharp';
import { badFile } from './uploads.service.js';

/** Width and height in which pictures are kept. */
export const PICTURE_SIZES = [64, 256] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];

/** What is taken for a picture, and what of libvips reads it; everything else of it is switched off. */
const LOADERS: Readonly<Record<string, string>> = {
  'image/jpeg': 'VipsForeignLoadJpeg',
  'image/png': 'VipsForeignLoadPng',
  'image/apng': 'VipsForeignLoadPng',
  'image/webp': 'VipsForeignLoadWebp',
  'image/gif': 'VipsForeignLoadNsgif',
  'image/avif': 'VipsForeignLoadHeif',
};
const SECONDS = 20;

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: [...new Set(Object.values(LOADERS))] });
// One picture at a time, on one thread, and nothing of it is kept: this machine has messages to deliver.
sharp.concurrency(1);
sharp.cache(false);

export const isPicture = (mediaType: string | null): boolean => mediaType !== null && mediaType in LOADERS;

/**
 * A picture in every size: square, upright, as WebP, without anything that the file said beside its pixels. Of a moving
 * one the first frame.
 *
 * @throws ChatError `VALIDATION_FAILED` for too many pixels, and for a file that is broken off or no picture
 */
export async function renderPicture(path: string, maxPixels: number): Promise<ReadonlyMap<PictureSize, Buffer>> {
  await requireFew(path, maxPixels);
  const large = sharp(path, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true })
    .timeout({ seconds: SECONDS })
    .autoOrient()
    .resize(256, 256, { fit: 'cover' });
  const upright = await large.png({ compressionLevel: 1 }).toBuffer().catch(refuse);
  const pictures = new Map<PictureSize, Buffer>();
  for (const size of PICTURE_SIZES) {
    pictures.set(size, await sharp(upright).resize(size, size).webp({ quality: 85 }).toBuffer());
  }
  return pictures;
}

/** Looks at the head alone, so that nothing is unpacked that is too large. */
async function requireFew(path: string, maxPixels: number): Promise<void> {
  const { width, height } = await sharp(path, { limitInputPixels: false }).metadata().catch(refuse);
  if (width * height > maxPixels) throw badFile('pixels', `must have at most ${maxPixels} pixels`);
}

function refuse(): never {
  // What libvips says may hold what stands in the file.
  throw badFile('picture', 'must be a whole picture');
}
