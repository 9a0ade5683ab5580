import { fileTypeFromBuffer } from 'file-type';
import { open } from 'node:fs/promises';

/** As many as tell every kind of file. */
const SNIFFED_BYTES = 4100;
const SAFE_IMAGES = new Set(['image/jpeg', 'image/png', 'image/apng', 'image/webp', 'image/gif', 'image/avif']);

/** What has no signature and is UTF-8: pages and scripts too, which are not to be taken for such. */
const TEXT = 'text/plain';

/** What a file is of which nothing is known. */
export const OPAQUE = 'application/octet-stream';

/** What the first bytes of a file say it is, a text where they are one; null where they say nothing. */
export async function mediaTypeOf(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    return (await fileTypeFromBuffer(head))?.mime ?? (isText(head) ? TEXT : null);
  } finally {
    await file.close();
  }
}

/** Whether bytes are UTF-8 without control characters; the last character may be cut. */
function isText(head: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return !/[^\P{Cc}\t\n\r\f]/u.test(text);
  } catch {
    return false;
  }
}

/**
 * Whether a browser may show a file of this type by itself: pixels and sound, in which nothing runs. Anything else is
 * saved, SVG, PDF and pages among it.
 */
export const isShownInline = (mediaType: string): boolean =>
  SAFE_IMAGES.has(mediaType) || /^(audio|video)\//.test(mediaType);
