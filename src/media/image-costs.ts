import type { Metadata } from 'sharp';

/**
 * Bytes that a picture may take while it is worked on, as estimated from its head. With what libvips takes besides,
 * the process grows by less than 200 MiB.
 */
export const IMAGE_BUDGET = 180_000_000;

/** What of a picture's head the estimates need. */
export type ImageHead = Pick<Metadata, 'format' | 'width' | 'height' | 'channels' | 'depth' | 'chromaSubsampling'> &
  Partial<Pick<Metadata, 'isProgressive' | 'orientation'>> & {
    /** Of a WebP: whether it is surely not the lossless kind. */
    readonly isLossy?: boolean;
  };

/** Bytes a pixel, each measured with 40 megapixels. */
const WEBP_SCALED = 1.5;
const WEBP_LOSSLESS = 6;
const WEBP_WHOLE = 10;
const AVIF = 18.5;
const GIF = 5.5;

/** Bytes that a small copy of the picture takes to make. */
export const costOfThumbnail = (head: ImageHead): number => pixels(head) * thumbnailBytes(head);

/** Bytes that the whole picture takes to make anew: upright, where it is not. */
export const costOfRemaking = (head: ImageHead): number => pixels(head) * remakingBytes(head);

/** Whether the picture stands upright only when it is turned or mirrored. */
export const isTurned = ({ orientation = 1 }: Pick<ImageHead, 'orientation'>): boolean => orientation > 1;

const pixels = ({ width, height }: ImageHead): number => width * height;

function thumbnailBytes(head: ImageHead): number {
  if (head.format === 'webp') return head.isLossy ? WEBP_SCALED : WEBP_LOSSLESS;
  if (head.format === 'gif') return GIF;
  // What libheif reads is called by the name of its container.
  if (head.format === 'heif') return AVIF;
  return head.isProgressive ? unpackedBytes(head) : 0;
}

function remakingBytes(head: ImageHead): number {
  if (head.format === 'webp') return WEBP_WHOLE;
  const turning = isTurned(head) ? sampleBytes(head) * head.channels : 0;
  return thumbnailBytes(head) + turning;
}

/** JPEG in scans keeps two bytes a coefficient; PNG in seven passes keeps its pixels. */
function unpackedBytes(head: ImageHead): number {
  if (head.format !== 'jpeg') return sampleBytes(head) * head.channels;
  const { chromaSubsampling = '4:4:4', channels } = head;
  if (chromaSubsampling.startsWith('4:2:0')) return 3;
  return 2 * channels;
}

const sampleBytes = ({ depth }: ImageHead): number => (depth === 'ushort' ? 2 : 1);
