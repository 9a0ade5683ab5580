import sharp, { type Metadata } from 'sharp';
import { badFile } from './uploads.service.js';

/** What is taken for a picture, and what of libvips reads it; everything else of it is switched off. */
const LOADERS: Readonly<Record<string, string>> = {
  'image/jpeg': 'VipsForeignLoadJpeg',
  'image/png': 'VipsForeignLoadPng',
  'image/apng': 'VipsForeignLoadPng',
  'image/webp': 'VipsForeignLoadWebp',
  'image/gif': 'VipsForeignLoadNsgif',
  'image/avif': 'VipsForeignLoadHeif',
};
/** Seconds after which libvips gives a picture up. */
export const PICTURE_SECONDS = 20;

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: [...new Set(Object.values(LOADERS))] });
// One picture at a time, on one thread, and nothing of it is kept: this machine has messages to deliver.
sharp.concurrency(1);
sharp.cache(false);

export const isPicture = (mediaType: string | null): boolean => mediaType !== null && mediaType in LOADERS;

/**
 * What the head of a picture says; nothing is unpacked that is too large.
 *
 * @throws ChatError `VALIDATION_FAILED` for too many pixels, and for what is no picture
 */
export async function readHead(path: string, maxPixels: number): Promise<Metadata> {
  const head = await sharp(path, { limitInputPixels: false }).metadata().catch(refuse);
  if (head.width * head.height > maxPixels) throw badFile('pixels', `must have at most ${maxPixels} pixels`);
  return head;
}

/** What libvips says may hold what stands in the file. */
export function refuse(): never {
  throw badFile('picture', 'must be a whole picture');
}
