import { AwsV4Signer } from 'aws4fetch';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { ChatError } from '../common/chat-error.js';
import { after, every, pause } from '../common/timers.js';
import type { BucketConfig } from '../config/storage.config.js';

/** SHA-256 of nothing. */
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ATTEMPTS = 3;
const AGAIN_MS = 200;
const SILENT = 'the store is silent';
/** Bytes of an error's text that are looked at. */
const TOLD = 500;

/** What is sent, told so that it can be sent again. */
export interface S3Body {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  readonly open: () => Readable;
}

/** A request for an object, or for the bucket itself where there is no key. */
export interface S3Ask {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly range?: string;
  readonly body?: S3Body;
}

/** How much is asked of the server at once, and how long it is waited for. */
export interface S3Bounds {
  readonly sockets: number;
  /** Milliseconds that a request waits for a socket while all are taken. */
  readonly waitMs: number;
  /** Milliseconds of silence after which the server counts as away. */
  readonly silenceMs: number;
}

const BOUNDS: S3Bounds = { sockets: 512, waitMs: 10_000, silenceMs: 30_000 };

/** Asks one bucket: signed (Signature Version 4), by path, with the hash of what is sent. */
export class S3Client {
  private readonly agent: HttpAgent;
  private readonly keys = new Map<string, ArrayBuffer>();

  constructor(
    private readonly bucket: BucketConfig,
    private readonly bounds = BOUNDS,
  ) {
    const options = { keepAlive: true, maxSockets: bounds.sockets };
    this.agent = this.isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * The answer, whose stream is to be read to its end or destroyed; null for what is not there. A server that is away or
   * busy is asked three times. The stream fails where the server falls silent while more of it is wanted.
   *
   * @throws ChatError `UNAVAILABLE`; `QUOTA_EXCEEDED` where it has no room left; an `Error` for a refusal
   */
  async ask(ask: S3Ask): Promise<IncomingMessage | null> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(ask).catch((error: unknown) => {
        if (error instanceof ChatError) throw error;
        if (attempt === ATTEMPTS) throw new ChatError('UNAVAILABLE', { cause: error });
        return null;
      });
      const status = answer?.statusCode ?? 0;
      if (answer && status < 300) return answer;
      const told = answer ? (await text(answer).catch(() => '')).slice(0, TOLD) : '';
      if (status === 404 && !told.includes('NoSuchBucket')) return null;
      if (answer && !isPassing(status)) throw refusalOf(status, told);
      if (attempt === ATTEMPTS) throw new ChatError('UNAVAILABLE', { cause: refusalOf(status, told) });
      await pause(AGAIN_MS * attempt);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private get isSecure(): boolean {
    return this.bucket.origin.startsWith('https:');
  }

  private async once(ask: S3Ask): Promise<IncomingMessage> {
    const { url, headers } = await this.sign(ask);
    const send = this.isSecure ? httpsRequest : httpRequest;
    const { silenceMs } = this.bounds;
    const options = { method: ask.method, headers, agent: this.agent, timeout: silenceMs };
    const request = send(url, options);
    request.on('timeout', () => request.destroy(new Error(SILENT)));
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      this.limitWaiting(request, reject);
      request.once('response', (response) => {
        request.setTimeout(0);
        endWhenSilent(response, silenceMs);
        resolve(response);
      });
      request.once('error', reject);
    });
    const { body } = ask;
    // An answer may come before everything is sent; a fault of sending shows in the answer too.
    const sendBody = ({ open }: S3Body) => pipeline(open(), request).catch((error: Error) => request.destroy(error));
    // Nothing is opened before there is somewhere to send it.
    if (body) request.once('socket', () => void sendBody(body));
    else request.end();
    return answer;
  }

  /**
   * The agent lets requests wait for ever for a socket, and one that is destroyed tells so only when it has got one. Who
   * waited in vain is not asked to wait again.
   */
  private limitWaiting(request: ClientRequest, refuse: (error: Error) => void): void {
    const stop = after(this.bounds.waitMs, 'storage.noSocket', () => {
      refuse(new ChatError('UNAVAILABLE', { cause: new Error('no socket became free') }));
      request.destroy();
    });
    request.once('socket', stop).once('close', stop);
  }

  private async sign({ method, key = '', query = {}, range, body }: S3Ask) {
    const { origin, bucket, region, accessKey, secretKey } = this.bucket;
    const url = new URL(`${origin}/${bucket}${key && `/${key}`}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = {
      'x-amz-content-sha256': body?.sha256 ?? NOTHING,
      ...(range ? { range } : {}),
      ...(body ? { 'content-length': String(body.bytes), 'content-type': 'application/octet-stream' } : {}),
    };
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      headers,
      service: 's3',
      region,
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      cache: this.keys,
    });
    const signed = await signer.sign();
    return { url: signed.url, headers: Object.fromEntries(signed.headers) };
  }
}

/** Who reads may take his time; the server, of which more is wanted, may not. */
function endWhenSilent(response: IncomingMessage, ms: number): void {
  /** How many bytes had come at the last look, where none were waiting to be read. */
  let before: number | null = null;
  const stop = every(ms, 'storage.silentBody', () => {
    const come = response.readableLength > 0 ? null : response.socket.bytesRead;
    if (come !== null && come === before) response.destroy(new Error(SILENT));
    before = come;
  });
  response.once('close', stop);
}

const isPassing = (status: number): boolean => status === 0 || status === 429 || (status >= 500 && status !== 507);

/** What the server says, for the log: its code and nothing of ours. */
function refusalOf(status: number, told: string): Error {
  if (status === 507) return new ChatError('QUOTA_EXCEEDED');
  const [, code = 'unknown'] = /<Code>(\w{1,64})<\/Code>/.exec(told) ?? [];
  return new Error(`the store refused: ${status} ${code}`);
}
