import { Text } from '../common/validators.js';
import { FromEnv } from './env.js';

/** Where files are kept: a folder of this machine. */
export interface StorageConfig {
  readonly kind: 'file';
  readonly path: string;
}

/** What the environment says of files. */
export class StorageEnv {
  /** `file:<folder>`. Default: `files` in `DATA_DIR`. */
  @FromEnv('STORAGE_URL') @Text({ max: 2000, min: 0 }) readonly url: string = '';
}

/** Reads a `STORAGE_URL`, or returns null when it is none. */
export function parseStorageUrl(text: string): StorageConfig | null {
  if (!text.startsWith('file:')) return null;
  const path = text.slice('file:'.length).replace(/^\/\/(?=.)/, '');
  return path ? { kind: 'file', path } : null;
}
