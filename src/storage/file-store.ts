import type { Readable } from 'node:stream';

/** A stored file. Whoever gets it reads the stream to its end, or destroys it. */
export interface StoredFile {
  readonly bytes: number;
  readonly stream: Readable;
}

/** Segments of letters, digits, `_` and `-`, and an ending: no key leads out of the store. */
const KEY = /^[a-z]+(\/[\w-]{1,64}){1,4}\.[a-z0-9]{1,8}$/i;

/**
 * Where files are kept: on disk, later in an object store. A file is there as a whole or not at all, and is never
 * changed: something new gets a key of its own.
 *
 * Keys are made by the program, such as `pictures/01K….webp`; any other one is a fault of ours and throws an `Error`.
 */
export abstract class FileStore {
  /**
   * Keeps the content under the key, in place of what was there. It is on disk when this returns.
   *
   * @throws ChatError `QUOTA_EXCEEDED` when there is no room left; what the content's stream throws. Nothing is kept then
   */
  abstract put(key: string, content: Buffer | Readable): Promise<void>;

  /** The file, or null where there is none. */
  abstract get(key: string): Promise<StoredFile | null>;

  /**
   * The keys below a folder, such as `pictures`, one after the other and in no order: however many there are, they cost
   * the same memory. Of what comes and goes meanwhile some may be missing.
   */
  abstract list(folder: string): AsyncIterable<string>;

  /** Removes the file; nothing happens where there is none. */
  abstract remove(key: string): Promise<void>;
}

export const isKey = (text: string): boolean => KEY.test(text);

/** The key, which must be one. */
export function requireKey(key: string): string {
  if (isKey(key)) return key;
  throw new Error('a file was asked for by something that is no key');
}
