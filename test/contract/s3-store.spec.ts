import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BucketConfig, parseStorageUrl } from '../../src/config/storage.config.js';
import type { S3Bounds } from '../../src/storage/s3-client.js';
import { S3Store } from '../../src/storage/s3-store.js';
import { S3Server, signatureOf } from '../support/s3-server.js';
import { describeFileStore } from './file-store.contract.js';

async function open(change: { secret?: string; bucket?: string } = {}, bounds?: S3Bounds) {
  const server = await S3Server.start();
  const spool = mkdtempSync(join(tmpdir(), 'parley-spool-'));
  const store = new S3Store(parseStorageUrl(server.url(change)) as BucketConfig, spool, bounds);
  const close = async () => {
    store.close();
    await server.stop();
    rmSync(spool, { recursive: true });
  };
  const list = () => Promise.resolve([...server.objects.keys(), ...readdirSync(spool)]);
  return { server, store, list, close };
}

describeFileStore('in a bucket', () => open());

describe('S3Store', () => {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());

  it.each([503, 500, 429, 0])('asks again where the server fails with %i', async (fault) => {
    const { server, store } = opened;
    server.faults.push(fault, fault);
    await store.put('a/1.bin', Readable.from([Buffer.from(`after ${fault}`)]));
    server.faults.push(fault);
    const file = await store.get('a/1.bin');
    expect(file && (await text(file.stream))).toBe(`after ${fault}`);
  });

  it('says of a server that goes on failing, or is away, that it may be tried later', async () => {
    const { server, store } = opened;
    server.faults.push(503, 503, 503);
    await expect(store.put('a/2.bin', Buffer.from('x'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(server.objects.has('a/2.bin')).toBe(false);
    const away = await open();
    await away.server.stop();
    await expect(away.store.get('a/2.bin')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('says of a full one that there is no room left', async () => {
    opened.server.faults.push(507);
    await expect(opened.store.put('a/3.bin', Buffer.from('x'))).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it.each([{ secret: 'another one' }, { bucket: 'another-one' }])(
    'is refused with %j, once and without secrets',
    async (change) => {
      const other = await open(change);
      const error = (await other.store.get('a/1.bin').catch((thrown: unknown) => thrown)) as Error;
      expect(error.message).toMatch(/^the store refused: 40[34] (AccessDenied|NoSuchBucket)$/);
      expect(other.server.requests).toBe(1);
      await other.close();
    },
  );

  it('lists more than one page', async () => {
    const { store } = opened;
    const keys = ['1', '2', '3', '4', '5'].map((name) => `pages/${name}.bin`);
    for (const key of keys) await store.put(key, Buffer.from('x'));
    const found: string[] = [];
    for await (const key of store.list('pages')) found.push(key);
    expect(found).toEqual(keys);
  });
});

describe('S3Store with few sockets and little patience', () => {
  const LARGE = Buffer.alloc(4_000_000, 'x');
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open({}, { sockets: 2, waitMs: 300, silenceMs: 500 });
    await opened.store.put('a/large.bin', LARGE);
  });
  afterAll(() => opened?.close());

  it('says of one whose sockets are all taken that it may be tried later, and serves again when one is free', async () => {
    const { store } = opened;
    const unread = [await store.get('a/large.bin'), await store.get('a/large.bin')];
    await expect(store.get('a/large.bin')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(store.put('a/small.bin', Buffer.from('x'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    unread[0]?.stream.destroy();
    await store.put('a/small.bin', Buffer.from('x'));
    unread[1]?.stream.destroy();
  });

  it('waits for who reads a file slowly, and not for a server that falls silent', async () => {
    const { server, store } = opened;
    const slow = await store.get('a/large.bin');
    server.silentAfter = 100_000;
    const silent = await store.get('a/large.bin');
    await expect(silent && buffer(silent.stream)).rejects.toThrow();
    server.silentAfter = Infinity;
    expect(slow && (await buffer(slow.stream)).equals(LARGE)).toBe(true);
  });
});

describe('the signature that the server wants', () => {
  it('is that of the example which AWS gives', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: GET Object".
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-amz-date': '20130524T000000Z',
    };
    const names = 'host;range;x-amz-content-sha256;x-amz-date';
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const scope = '20130524/us-east-1/s3/aws4_request';
    expect(signatureOf({ method: 'GET', url: '/test.txt', headers }, secret, names, scope)).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });
});
