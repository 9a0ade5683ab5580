import { createHash, createHmac } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

const ACCESS_KEY = 'AKIDEXAMPLE';
const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const REGION = 'eu-test-1';
const BUCKET = 'parley-files';
/** Few, so that lists have pages. */
const PAGE = 2;
const CREDENTIAL =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** What a signature is made of (Signature Version 4, as AWS describes it for S3). */
export interface Signed {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The signature that a request must have, from its parts alone. */
export function signatureOf({ method, url, headers }: Signed, secret: string, names: string, scope: string): string {
  const { pathname, searchParams } = new URL(url, 'http://x');
  const query = [...searchParams].map((pair) => pair.map(encoded).join('=')).sort();
  const lines = names.split(';').map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const hash = headers['x-amz-content-sha256'] ?? '';
  const canonical = [method, pathname, query.join('&'), lines.join(''), names, hash].join('\n');
  const [date, region] = scope.split('/');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), 's3'), 'aws4_request');
  return hmac(key, toSign).toString('hex');
}

/** A server that speaks as much of S3 as we use, keeps objects in memory, and believes no signature or hash. */
export class S3Server {
  readonly objects = new Map<string, Buffer>();
  /** Answers with these statuses before it goes on as ever. */
  readonly faults: number[] = [];
  requests = 0;
  /** Bytes of each object after which nothing more comes, and the connection stays. */
  silentAfter = Infinity;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<S3Server> {
    const own = new S3Server();
    await new Promise<void>((resolve) => own.server.listen(0, '127.0.0.1', resolve));
    return own;
  }

  /** A `STORAGE_URL`. */
  url({ secret = SECRET_KEY, bucket = BUCKET } = {}): string {
    const { port } = this.server.address() as AddressInfo;
    return `s3://${ACCESS_KEY}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${bucket}?region=${REGION}&tls=off`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const body = await buffer(request);
    const fault = this.faults.shift() ?? this.faultOf(request, body);
    if (fault === 0) return void request.socket.destroy();
    if (fault) return refuse(response, fault);
    await pause(1);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const [, bucket, ...path] = pathname.split('/');
    if (bucket !== BUCKET) return refuse(response, 404, 'NoSuchBucket');
    const key = path.join('/');
    if (request.method === 'PUT') this.objects.set(key, body);
    else if (request.method === 'DELETE') this.objects.delete(key);
    else if (key === '') return this.list(response, searchParams);
    else return this.send(response, key, request.headers.range);
    response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
  }

  private faultOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): number | undefined {
    const parts = CREDENTIAL.exec(headers.authorization ?? '');
    if (!parts) return 403;
    const [, accessKey, date, region, names, signature] = parts;
    const wanted = signatureOf(
      { method, url, headers: headers as never },
      SECRET_KEY,
      names,
      `${date}/${region}/s3/aws4_request`,
    );
    const isSigned = ['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.split(';').includes(name));
    if (accessKey !== ACCESS_KEY || region !== REGION || !isSigned || signature !== wanted) return 403;
    if (method === 'PUT' && headers['content-length'] === undefined) return 411;
    return headers['x-amz-content-sha256'] === sha256(body) ? undefined : 400;
  }

  private send(response: ServerResponse, key: string, range?: string): void {
    const content = this.objects.get(key);
    if (!content) return refuse(response, 404, 'NoSuchKey');
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const part = first ? content.subarray(Number(first), Number(last) + 1) : content;
    const more = first ? { 'content-range': `bytes ${first}-${last}/${content.length}` } : {};
    response.writeHead(first ? 206 : 200, { 'content-length': part.length, ...more });
    if (part.length > this.silentAfter) response.write(part.subarray(0, this.silentAfter));
    else response.end(part);
  }

  private list(response: ServerResponse, query: URLSearchParams): void {
    const after = query.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort();
    const rest = keys.filter((key) => `a&b ${key}` > after);
    const page = rest.slice(0, PAGE);
    const next = rest.length > PAGE ? `<NextContinuationToken>a&amp;b ${page.at(-1)}</NextContinuationToken>` : '';
    const items = page.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><ListBucketResult>${next}${items}</ListBucketResult>`);
  }
}

function refuse(response: ServerResponse, status: number, code = 'AccessDenied'): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
}
