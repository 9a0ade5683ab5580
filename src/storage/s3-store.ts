import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { toDiskRefusal } from '../common/disk-faults.js';
import { newId } from '../common/id.js';
import { removeStaleFiles } from '../common/stale-files.js';
import type { BucketConfig } from '../config/storage.config.js';
import { type ByteRange, FileStore, type StoredFile, isKey, requireKey } from './file-store.js';
import { type S3Bounds, S3Client } from './s3-client.js';

/** Files in a bucket of a server that speaks S3. */
export class S3Store extends FileStore {
  private readonly client: S3Client;

  /** @param spool a folder of this machine for what has no known length yet */
  constructor(
    bucket: BucketConfig,
    private readonly spool: string,
    bounds?: S3Bounds,
  ) {
    super();
    this.client = new S3Client(bucket, bounds);
  }

  clean(now: number): Promise<void> {
    return removeStaleFiles(this.spool, now);
  }

  close(): void {
    this.client.close();
  }

  async put(key: string, content: Buffer | Readable): Promise<void> {
    requireKey(key);
    if (!Buffer.isBuffer(content)) return this.putSpooled(key, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    await this.send(key, { bytes: content.length, sha256, open: () => Readable.from([content]) });
  }

  async putFile(key: string, path: string): Promise<void> {
    requireKey(key);
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      digest.update(chunk);
      bytes += chunk.length;
    }
    await this.send(key, { bytes, sha256: digest.digest('hex'), open: () => createReadStream(path) });
  }

  async get(key: string, range?: ByteRange): Promise<StoredFile | null> {
    const asked = range && `bytes=${range.first}-${range.last}`;
    const answer = await this.client.ask({ method: 'GET', key: requireKey(key), range: asked });
    if (!answer) return null;
    const { 'content-range': part, 'content-length': length } = answer.headers;
    return { bytes: Number(part ? part.split('/')[1] : length), stream: answer };
  }

  async *list(folder: string): AsyncGenerator<string> {
    let next: string | undefined = '';
    while (next !== undefined) {
      const page: string = await this.page(`${folder}/`, next);
      yield* [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key).filter(isKey);
      next = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(page)?.[1];
    }
  }

  async remove(key: string): Promise<void> {
    const answer = await this.client.ask({ method: 'DELETE', key: requireKey(key) });
    answer?.resume();
  }

  /** S3 wants to know how long something is before it comes. */
  private async putSpooled(key: string, content: Readable): Promise<void> {
    const path = join(this.spool, newId());
    try {
      await mkdir(this.spool, { recursive: true });
      await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      await this.putFile(key, path);
    } catch (error) {
      throw toDiskRefusal(error);
    } finally {
      await rm(path, { force: true });
    }
  }

  private async send(key: string, body: { bytes: number; sha256: string; open: () => Readable }): Promise<void> {
    const answer = await this.client.ask({ method: 'PUT', key, body });
    answer?.resume();
  }

  private async page(prefix: string, token: string): Promise<string> {
    const query: Record<string, string> = { 'list-type': '2', prefix };
    if (token) query['continuation-token'] = unescaped(token);
    const answer = await this.client.ask({ method: 'GET', query });
    return answer ? text(answer) : '';
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (xml: string): string => xml.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
