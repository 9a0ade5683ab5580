import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { AppConfig } from '../config/app-config.js';
import { copyWithoutTexts, isChunked } from './image-chunks.js';
import { IMAGE_BUDGET, costOfRemaking, costOfThumbnail, isTurned } from './image-costs.js';
import { ImageGate } from './image-gate.js';
import { PICTURE_SECONDS, readHead, refuse } from './image-loaders.js';
import { type Upload, badFile } from './uploads.service.js';

/** Width and height that a thumbnail has at most. */
const THUMBNAIL = 400;
/** Seconds that a picture of the largest size may take to be made anew. */
const REMAKE_SECONDS = 60;
/** Texts in a PNG in which programs keep what EXIF and XMP say. */
const TELLING = /exif|xmp|iptc|raw profile|gps|location/i;

/** An image as it is kept. */
export interface Image {
  /** That of the upload, or of what was made of it. */
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** A WebP that is no larger than 400 by 400; null where making it would take too much memory. */
  readonly thumbnail: Buffer | null;
}

type Head = Metadata & { readonly isLossy?: boolean };

/** Images that people send: upright, without what cameras write into them, and with a thumbnail. */
@Injectable()
export class Images {
  constructor(
    private readonly config: AppConfig,
    private readonly gate: ImageGate,
  ) {}

  /**
   * Makes an uploaded picture (`isPicture`) what others may see. One that says nothing beside its pixels and stands
   * upright stays as it is, byte for byte. Of the others EXIF, XMP and IPTC are taken out, and they are turned; an AVIF
   * becomes a WebP by that. One picture is worked on at a time.
   *
   * @throws ChatError `VALIDATION_FAILED` for one that has too many pixels, would take too much memory, is broken off or
   *   is no picture; `UNAVAILABLE` when too many wait
   */
  prepare(upload: Upload, mediaType: string): Promise<Image> {
    return this.gate.run(async () => {
      const head = await this.headOf(upload.path);
      const isMoving = (head.pages ?? 1) > 1 || mediaType === 'image/apng';
      const turns = isTurned(head) && !isMoving;
      if (!turns && !saysMore(head)) return this.finish(upload, mediaType);
      const made = await this.make(upload, { mediaType, head, turns });
      return this.finish({ path: upload.madePath, ...(await measure(upload.madePath)) }, made);
    });
  }

  /** Writes what is made of the upload to its place, and returns its media type. */
  private async make(
    upload: Upload,
    { mediaType, head, turns }: { mediaType: string; head: Head; turns: boolean },
  ): Promise<string> {
    if (!turns && isChunked(mediaType)) {
      await copyWithoutTexts(upload.path, upload.madePath, mediaType);
      return mediaType;
    }
    if (costOfRemaking(head) > IMAGE_BUDGET) throw badFile('pixels', 'must not take so much memory to be turned');
    const upright = this.open(upload.path, REMAKE_SECONDS).autoOrient();
    // Colours of print are made those of screens, and their profile is of no use then.
    const coloured = head.space === 'cmyk' ? upright : upright.keepIccProfile();
    await encode(coloured, head).toFile(upload.madePath).catch(refuse);
    return head.format === 'heif' ? 'image/webp' : mediaType;
  }

  private async finish(file: Pick<Image, 'path' | 'bytes' | 'sha256'>, mediaType: string): Promise<Image> {
    const { path, bytes, sha256 } = file;
    const head = await this.headOf(path);
    const thumbnail = costOfThumbnail(head) > IMAGE_BUDGET ? null : await this.thumbnailOf(path);
    return { path, mediaType, bytes, sha256, width: head.width, height: head.height, thumbnail };
  }

  /** The whole picture is read for it, so that one that is broken off is found. */
  private thumbnailOf(path: string): Promise<Buffer> {
    return this.open(path, PICTURE_SECONDS)
      .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 80 })
      .toBuffer()
      .catch(refuse);
  }

  private async headOf(path: string): Promise<Head> {
    const head = await readHead(path, this.config.limits.picturePixels);
    return head.format === 'webp' ? { ...head, isLossy: await isLossyWebp(path) } : head;
  }

  private open(path: string, seconds: number): Sharp {
    const { picturePixels } = this.config.limits;
    return sharp(path, { limitInputPixels: picturePixels, failOn: 'error', sequentialRead: true }).timeout({ seconds });
  }
}

function encode(image: Sharp, { format, chromaSubsampling = '4:2:0' }: Head): Sharp {
  if (format === 'png') return image.png({ compressionLevel: 3 });
  if (format !== 'jpeg') return image.webp({ quality: 90, effort: 2 });
  // Best codes would keep the whole picture in memory.
  return image.jpeg({ quality: 90, optimiseCoding: false, chromaSubsampling: chromaSubsampling.slice(0, 5) });
}

const saysMore = ({ exif, xmp, iptc, comments = [] }: Head): boolean =>
  [exif, xmp, iptc].some(Boolean) || comments.some(({ keyword, text }) => TELLING.test(keyword) || TELLING.test(text));

/** The simple kind of WebP names its coding at once; the extended one may hold either. */
async function isLossyWebp(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    return (await file.read(Buffer.alloc(4), 0, 4, 12)).buffer.toString('latin1') === 'VP8 ';
  } finally {
    await file.close();
  }
}

async function measure(path: string): Promise<Pick<Image, 'bytes' | 'sha256'>> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  return { bytes: (await stat(path)).size, sha256: digest.digest('hex') };
}
