import { type FileHandle, open } from 'node:fs/promises';
import { badFile } from './uploads.service.js';

/** Where a chunk of a file is, its head and what fills it up included. */
interface Chunk {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

/** How a kind of file is made of chunks. */
interface Chunked {
  /** Bytes before the first chunk. */
  readonly start: number;
  /** Where the last chunk ends, as the first bytes say it; what follows is no part of the picture. */
  readonly endOf: (start: Buffer) => number;
  /** Name and length of the chunk whose head this is. */
  readonly read: (head: Buffer) => { readonly name: string; readonly bytes: number };
  /** Chunks that say something beside the picture. */
  readonly dropped: ReadonlySet<string>;
}

const PNG: Chunked = {
  start: 8,
  endOf: () => Infinity,
  read: (head) => ({ name: head.toString('latin1', 4, 8), bytes: head.readUInt32BE(0) + 12 }),
  dropped: new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']),
};
const WEBP: Chunked = {
  start: 12,
  endOf: (start) => start.readUInt32LE(4) + 8,
  read: (head) => {
    const length = head.readUInt32LE(4);
    return { name: head.toString('latin1', 0, 4), bytes: 8 + length + (length % 2) };
  },
  dropped: new Set(['EXIF', 'XMP ']),
};
const KINDS: Readonly<Record<string, Chunked>> = {
  'image/png': PNG,
  'image/apng': PNG,
  'image/webp': WEBP,
};
const HEAD = 8;
const PIECE = 65_536;
/** More are no picture, but an attempt at keeping us busy. */
const MOST_CHUNKS = 100_000;
/** In the first byte of a WebP's `VP8X` chunk: that EXIF and XMP are there. */
const WEBP_FLAGS = 0x0c;

/** Whether what a file of this type says beside its picture can be taken out without touching the picture. */
export const isChunked = (mediaType: string): boolean => mediaType in KINDS;

/**
 * Copies a PNG or WebP without the chunks that hold EXIF, XMP and texts. Pixels, frames and colours stay as they are, and
 * memory does not grow with the file.
 *
 * @throws ChatError `VALIDATION_FAILED` where the file is not made of whole chunks
 */
export async function copyWithoutTexts(from: string, to: string, mediaType: string): Promise<void> {
  const kind = KINDS[mediaType];
  const source = await open(from, 'r');
  const target = await open(to, 'wx+', 0o600);
  try {
    await copyKept(source, target, kind);
  } finally {
    await source.close();
    await target.close();
  }
}

async function copyKept(source: FileHandle, target: FileHandle, kind: Chunked): Promise<void> {
  await copy(source, target, { name: '', at: 0, bytes: kind.start });
  let bytes = kind.start;
  for await (const chunk of chunksOf(source, kind)) {
    if (kind.dropped.has(chunk.name)) continue;
    await copy(source, target, chunk);
    if (chunk.name === 'VP8X') await clearFlags(target, bytes);
    bytes += chunk.bytes;
  }
  if (kind === WEBP) await writeLength(target, bytes);
}

async function* chunksOf(source: FileHandle, kind: Chunked): AsyncGenerator<Chunk> {
  const { size: whole } = await source.stat();
  const { buffer: start } = await source.read(Buffer.alloc(kind.start), 0, kind.start, 0);
  const size = Math.min(whole, kind.endOf(start));
  let at = kind.start;
  for (let count = 0; at + HEAD <= size; count++) {
    const { buffer } = await source.read(Buffer.alloc(HEAD), 0, HEAD, at);
    const { name, bytes } = kind.read(buffer);
    if (at + bytes > size || count > MOST_CHUNKS) throw badFile('picture', 'must be a whole picture');
    yield { name, at, bytes };
    if (name === 'IEND') return;
    at += bytes;
  }
}

async function copy(source: FileHandle, target: FileHandle, { at, bytes }: Chunk): Promise<void> {
  const piece = Buffer.alloc(Math.min(PIECE, bytes));
  for (let done = 0; done < bytes;) {
    const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, bytes - done), at + done);
    if (bytesRead === 0) throw badFile('picture', 'must be a whole picture');
    await target.write(piece, 0, bytesRead);
    done += bytesRead;
  }
}

async function clearFlags(file: FileHandle, chunkAt: number): Promise<void> {
  const flags = Buffer.alloc(1);
  await file.read(flags, 0, 1, chunkAt + HEAD);
  flags[0] &= ~WEBP_FLAGS;
  await file.write(flags, 0, 1, chunkAt + HEAD);
}

async function writeLength(file: FileHandle, bytes: number): Promise<void> {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes - HEAD);
  await file.write(length, 0, 4, 4);
}
