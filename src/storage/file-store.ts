import type { Readable } from 'node:stream';

/** A stored file. Whoever gets it reads the stream to its end, or destroys it. */
export interface StoredFile {
  /** Of the whole file, whatever part of it the stream is. */
  readonly bytes: number;
  readonly stream: Readable;
}

/** Bytes of a file, from the first to the last one, both included and counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Segments of letters, digits, `_` and `-`, and an ending: no key leads out of the store. */
const KEY = /^[a-z]+(\/[\w-]{1,64}){1,4}\.[a-z0-9]{1,8}$/i;

/**
 * Where files are kept: on disk, or in an object store. A file is there as a whole or not at all, and is never
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

  /**
   * The same with a file of this machine, which may be gone from its place afterwards.
   *
   * @throws ChatError `QUOTA_EXCEEDED` when there is no room left. Nothing is kept then
   */
  abstract putFile(key: string, path: string): Promise<void>;

  /**
   * The file, or null where there is none.
   *
   * @param range the part that is wanted, which must lie within the file; without it, all of it
   */
  abstract get(key: string, range?: ByteRange): Promise<StoredFile | null>;

  /**
   * The keys below a folder, such as `pictures`, one after the other and in no order: however many there are, they cost
   * the same memory. Of what comes and goes meanwhile some may be missing.
   */
  abstract list(folder: string): AsyncIterable<string>;

  /** Removes the file; nothing happens where there is none. */
  abstract remove(key: string): Promise<void>;

  /** Removes what a process that was killed left half written on this machine. */
  abstract clean(now: number): Promise<void>;

  /** Ends what the store holds open. */
  abstract close(): void;
}

export const isKey = (text: string): boolean => KEY.test(text);

/** The key, which must be one. */
export function requireKey(key: string): string {
  if (isKey(key)) return key;
  throw new Error('a file was asked for by something that is no key');
}
