import type { Multipart, MultipartFile } from '@fastify/multipart';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Hash, createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/id.js';
import { letPass } from '../common/passing-bytes.js';
import { bearSlow } from '../common/slow-requests.js';
import { removeStaleFiles } from '../common/stale-files.js';
import { type Stop, every } from '../common/timers.js';
import { AppConfig } from '../config/app-config.js';
import { mediaTypeOf } from './media-types.js';
import { toUploadFault } from './upload-faults.js';

const CLEAN_EVERY_MS = 600_000;
const FIELD = 'file';
/** What a form takes beside its file: boundaries and the heads of parts. */
const FORM_BYTES = 65_536;

/** A file as it came, on the disk of this machine, for as long as it is looked at. */
export interface Upload {
  readonly path: string;
  /** A place beside it, for a file that is made of it and goes with it. */
  readonly madePath: string;
  /** As the client says. Nothing has been looked at. */
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** What its first bytes say it is, whatever the client says; null where they say nothing. */
  readonly mediaType: string | null;
}

/** Files that come in: streamed to disk, bounded, and gone when their request is. */
@Injectable()
export class Uploads implements OnModuleInit, OnModuleDestroy {
  private readonly folder: string;
  private stop: Stop = () => undefined;

  constructor(
    config: AppConfig,
    private readonly clock: Clock,
  ) {
    this.folder = join(config.dataDir, 'uploads');
  }

  async onModuleInit(): Promise<void> {
    const clean = () => removeStaleFiles(this.folder, this.clock.now());
    await clean();
    this.stop = every(CLEAN_EVERY_MS, 'media.cleanUploads', clean);
  }

  onModuleDestroy(): void {
    this.stop();
  }

  /**
   * Receives the one file of a form and hands it to `work`. The file is removed when `work` has ended, and when
   * anything goes wrong before.
   *
   * @throws ChatError `UNSUPPORTED_MEDIA` for what is no form; `PAYLOAD_TOO_LARGE`; `BAD_REQUEST` for a form that cannot
   *   be read or breaks off; `VALIDATION_FAILED` for an empty file, none, or anything beside it; `QUOTA_EXCEEDED`
   */
  async receive<T>(request: FastifyRequest, maxBytes: number, work: (upload: Upload) => Promise<T>): Promise<T> {
    requireForm(request, maxBytes);
    const path = join(this.folder, newId());
    const madePath = `${path}.made`;
    try {
      await mkdir(this.folder, { recursive: true });
      const received = await bearSlow(request.raw, () => store(request, path, maxBytes));
      if (received.bytes === 0) throw badFile('empty', 'must not be empty');
      return await work({ ...received, path, madePath, mediaType: await mediaTypeOf(path) });
    } finally {
      await rm(path, { force: true });
      await rm(madePath, { force: true });
    }
  }
}

function requireForm(request: FastifyRequest, maxBytes: number): void {
  const { 'content-encoding': packing = 'identity', 'content-length': length = '0' } = request.headers;
  if (!request.isMultipart() || packing !== 'identity') throw new ChatError('UNSUPPORTED_MEDIA');
  if (Number(length) > maxBytes + FORM_BYTES) throw new ChatError('PAYLOAD_TOO_LARGE');
}

type Received = Pick<Upload, 'name' | 'bytes' | 'sha256'>;

async function store(request: FastifyRequest, path: string, maxBytes: number): Promise<Received> {
  const limits = { fileSize: maxBytes, files: 1, fields: 0, parts: 1, headerPairs: 20 };
  try {
    return await storeFirst(request.parts({ limits }), path);
  } catch (error) {
    throw toUploadFault(error);
  }
}

/** Stores the first part and reads on to the end of the form: anything behind it is a fault. */
async function storeFirst(parts: AsyncIterableIterator<Multipart>, path: string): Promise<Received> {
  let received: Received | null = null;
  for await (const part of parts) {
    if (part.type !== 'file' || part.fieldname !== FIELD) throw badFile('unknownField', 'must be the one field');
    received = await write(part, path);
  }
  if (!received) throw badFile('missing', 'must be a file');
  return received;
}

async function write({ file, filename }: MultipartFile, path: string): Promise<Received> {
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  const digest = createHash('sha256');
  await pipeline(file, (source: AsyncIterable<Buffer>) => hashed(source, digest), target);
  if (file.truncated) throw new ChatError('PAYLOAD_TOO_LARGE');
  return { name: filename ?? '', bytes: target.bytesWritten, sha256: digest.digest('hex') };
}

async function* hashed(source: AsyncIterable<Buffer>, digest: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
    letPass(chunk.length);
  }
}

/** The refusal of what came in the field. */
export const badFile = (code: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path: FIELD, code, message }] });
