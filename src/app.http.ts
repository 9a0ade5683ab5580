import { FastifyAdapter } from '@nestjs/platform-fastify';
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { Logger } from '@nestjs/common';
import { refusalOf } from './app.filter.js';
import { ChatError, toProblem } from './common/chat-error.js';
import { newId } from './common/id.js';
import { jsonOf } from './common/json.js';
import { sendLast } from './common/last-bytes.js';
import { isBorne } from './common/slow-requests.js';
import { SilentSockets } from './common/silent-sockets.js';
import type { AppConfig } from './config/app-config.js';
import type { Metrics } from './metrics/metrics.js';
import { FrameError, parseJson } from './protocol/frames.js';

const REQUEST_ID = /^[\w-]{1,64}$/;
/** With parameters or without; what parsers make of anything else differs. */
const JSON_TYPE = /^application\/json\s*(;\s*[\w-]+=("[\w.-]*"|[\w.-]+)\s*)*$/i;
const FOREIGN_CHARSET = /charset=(?!"?utf-?8\b)/i;
const SINGLE_FIELDS = new Set(['host', 'authorization', 'content-type', 'content-encoding', 'idempotency-key']);
const PROBLEM_TYPE = 'application/problem+json';
const HEAD_TIMES = { headersTimeout: 10_000, connectionsCheckingInterval: 1000, handshakeTimeout: 10_000 };
const API = '/api/v1/';
/** Answers that clients fetch again and again, and that a 304 saves. */
const TAGGED_ROUTES = new Set(['/api/v1/users/me', '/api/v1/users/:id', '/api/v1/rooms/:id']);

/** Fastify with the bounds that Parley has: on heads, bodies, times and kinds of content. */
export function createHttpAdapter(config: AppConfig): FastifyAdapter {
  const { http, tls, limits } = config;
  const adapter: FastifyAdapter = new FastifyAdapter({
    // Nest's middleware is not used, and passing every request through it costs a twentieth of one.
    skipMiddie: true,
    ...(tls ? { https: { ...tls, ...HEAD_TIMES } } : { http: HEAD_TIMES }),
    bodyLimit: limits.bodyBytes,
    trustProxy: http.trustProxy,
    requestIdHeader: false,
    genReqId: (request: { headers: Record<string, unknown> }) => requestIdOf(request.headers['x-request-id']),
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false, maxParamLength: 200 },
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBytes,
  } as FastifyServerOptions & { skipMiddie: true });
  const server = adapter.getInstance<FastifyInstance>();
  new SilentSockets(limits.connectionsWaiting).watch(server.server, tls !== null);
  server.setReplySerializer(jsonOf);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      requireJson(request.headers);
      done(null, parseBody(body as Buffer, limits.frameDepth));
    } catch (error) {
      done(error as Error);
    }
  });
  return adapter;
}

const requestIdOf = (given: unknown): string => (typeof given === 'string' && REQUEST_ID.test(given) ? given : newId());

/** Addresses that no route can be found for: Fastify would repeat them. */
function refuseAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(refusalOf(error), request.id);
  void reply.header('X-Request-Id', request.id).header('X-Content-Type-Options', 'nosniff');
  void reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** Bytes that are no HTTP, and heads that are too large or too slow. */
function refuseBytes(this: FastifyInstance, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    if (isBorne(socket, this.server.requestTimeout)) return;
    sendLast(socket, 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const body = JSON.stringify(toProblem(new ChatError('BAD_REQUEST'), newId()));
  const fields = ['Connection: close', `Content-Type: ${PROBLEM_TYPE}`, `Content-Length: ${Buffer.byteLength(body)}`];
  sendLast(socket, `HTTP/1.1 400 Bad Request\r\n${fields.join('\r\n')}\r\n\r\n${body}`);
}

function requireJson({
  'content-type': type = '',
  'content-encoding': packing = 'identity',
}: IncomingHttpHeaders): void {
  const isJson = JSON_TYPE.test(type) && !FOREIGN_CHARSET.test(type);
  // Nothing is unpacked here: a small body could become a huge one.
  if (!isJson || packing !== 'identity') throw new ChatError('UNSUPPORTED_MEDIA');
}

function parseBody(body: Buffer, maxDepth: number): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new FrameError('BAD_REQUEST', 'That is not UTF-8.');
  }
  return parseJson(text, maxDepth);
}

/** Request ids out, entity tags, a log line and a measurement a request. */
export function watchRequests(server: FastifyInstance, metrics: Metrics): void {
  const logger = new Logger('Http');
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Request-Id', request.id);
    done(faultOf(request));
  });
  server.addHook('onSend', (request, reply, payload, done) => done(null, tagged(request, reply, payload)));
  server.addHook('onResponse', (request, reply, done) => {
    const { method, id: requestId } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    metrics.httpSeconds.observe({ method, route, status: String(status) }, reply.elapsedTime / 1000);
    // The route, not the address: ids and searches are nobody's business in a log.
    const line = { event: 'http.request', method, route, status, ms: Math.round(reply.elapsedTime), requestId };
    if (route.startsWith(API)) logger.log(line);
    else logger.debug(line);
    done();
  });
}

function faultOf(request: FastifyRequest): ChatError | undefined {
  if (!isReadable(request.url) || !isSingle(request.raw)) return new ChatError('BAD_REQUEST');
  return isForm(request) && !takesForm(request) ? new ChatError('UNSUPPORTED_MEDIA') : undefined;
}

const isForm = ({ headers }: FastifyRequest): boolean => /^\s*multipart\//i.test(headers['content-type'] ?? '');

/** Forms are read by the routes that take them, and by no other; where there is no route or no body, it is no matter. */
const takesForm = ({ method, is404, routeOptions }: FastifyRequest): boolean =>
  is404 || method === 'GET' || method === 'HEAD' || (routeOptions.config as { takesFile?: boolean }).takesFile === true;

/** Whether the query can be decoded. Fastify's parser leaves alone what it cannot decode, and it would be taken as it is. */
function isReadable(url: string): boolean {
  const start = url.indexOf('?');
  if (start === -1 || !url.includes('%', start)) return true;
  try {
    decodeURIComponent(url.slice(start));
    return true;
  } catch {
    return false;
  }
}

/** Whether no field stands twice of which only one may. Node reads the first one; a proxy may have read the other. */
function isSingle({ rawHeaders }: IncomingMessage): boolean {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (SINGLE_FIELDS.has(name) && seen.has(name)) return false;
    seen.add(name);
  }
  return true;
}

/** An entity tag (RFC 9110, 8.8.3), and no body where the client has that very one. */
function tagged(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const route = request.routeOptions.url ?? '';
  const own = reply.getHeader('ETag');
  if (typeof own === 'string') return unlessKnown(request, reply, { payload, tag: own });
  const isTagged = request.method === 'GET' && reply.statusCode === 200 && TAGGED_ROUTES.has(route);
  if (!isTagged || typeof payload !== 'string') {
    if (route.startsWith(API)) void reply.header('Cache-Control', 'no-store');
    return payload;
  }
  const tag = `"${hash('sha256', payload, 'base64url').slice(0, 22)}"`;
  void reply.header('ETag', tag).header('Cache-Control', 'private, no-cache');
  return unlessKnown(request, reply, { payload, tag });
}

function unlessKnown(
  request: FastifyRequest,
  reply: FastifyReply,
  { payload, tag }: { payload: unknown; tag: string },
): unknown {
  if (reply.statusCode !== 200 || !hasTag(request.headers['if-none-match'], tag)) return payload;
  void reply.status(304).removeHeader('content-length');
  return '';
}

/** Compared weakly: a proxy that compresses an answer makes its tag a weak one. */
const hasTag = (known: string | undefined, tag: string): boolean =>
  known?.split(',').some((item) => item.trim().replace(/^W\//, '') === tag) ?? false;
