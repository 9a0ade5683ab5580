import { Text } from '../common/validators.js';
import { FromEnv } from './env.js';

/** A bucket of a server that speaks S3. */
export interface BucketConfig {
  readonly kind: 's3';
  /** Such as `https://s3.example.org`, without a slash at its end. */
  readonly origin: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Where files are kept: a folder of this machine, or a bucket. */
export type StorageConfig = { readonly kind: 'file'; readonly path: string } | BucketConfig;

/** What the environment says of files. */
export class StorageEnv {
  /** `file:<folder>` or `s3://key:secret@host/bucket`. Default: the folder `files` in `DATA_DIR`. */
  @FromEnv('STORAGE_URL') @Text({ max: 2000, min: 0 }) readonly url: string = '';
}

const BUCKET = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/;
const REGION = /^[\w-]{1,64}$/;
const OPTIONS = new Set(['region', 'tls']);

/** Reads a `STORAGE_URL`, or returns null when it is none. */
export function parseStorageUrl(text: string): StorageConfig | null {
  if (text.startsWith('s3:')) return parseBucket(text);
  if (!text.startsWith('file:')) return null;
  const path = text.slice('file:'.length).replace(/^\/\/(?=.)/, '');
  return path ? { kind: 'file', path } : null;
}

/** `s3://key:secret@host:port/bucket?region=us-east-1&tls=on`; key and secret percent-encoded. */
function parseBucket(text: string): BucketConfig | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const bucket = BUCKET.exec(url?.pathname ?? '')?.[1];
  if (!url || !bucket || !url.host || url.hash) return null;
  const region = url.searchParams.get('region') ?? 'us-east-1';
  const tls = url.searchParams.get('tls') ?? 'on';
  const [accessKey, secretKey] = [decoded(url.username), decoded(url.password)];
  const isKnown = [...url.searchParams.keys()].every((name) => OPTIONS.has(name));
  if (!isKnown || !REGION.test(region) || !/^(on|off)$/.test(tls) || !accessKey || !secretKey) return null;
  return {
    kind: 's3',
    origin: `${tls === 'on' ? 'https' : 'http'}://${url.host}`,
    bucket,
    region,
    accessKey,
    secretKey,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
