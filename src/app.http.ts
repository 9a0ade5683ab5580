import { FastifyAdapter } from '@nestjs/platform-fastify';
import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { Logger } from '@nestjs/common';
import { newId } from './common/id.js';
import type { AppConfig } from './config/app-config.js';
import type { Metrics } from './metrics/metrics.js';
import { FrameError, parseJson } from './protocol/frames.js';

const REQUEST_ID = /^[\w-]{1,64}$/;
/** Answers that clients fetch again and again, and that a 304 saves. */
const TAGGED_ROUTES = new Set(['/api/v1/users/me', '/api/v1/users/:id', '/api/v1/rooms/:id']);

/** Fastify with the bounds that Parley has: on heads, bodies, times and kinds of content. */
export function createHttpAdapter(config: AppConfig): FastifyAdapter {
  const { http, tls, limits } = config;
  const adapter: FastifyAdapter = new FastifyAdapter({
    ...(tls ? { https: { ...tls } } : {}),
    bodyLimit: limits.bodyBytes,
    trustProxy: http.trustProxy,
    requestIdHeader: false,
    genReqId: (request: { headers: Record<string, unknown> }) => requestIdOf(request.headers['x-request-id']),
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1000 },
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false, maxParamLength: 200 },
  } as FastifyServerOptions);
  const server = adapter.getInstance<FastifyInstance>();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseBody(body as Buffer, limits.frameDepth));
    } catch (error) {
      done(error as Error);
    }
  });
  return adapter;
}

const requestIdOf = (given: unknown): string => (typeof given === 'string' && REQUEST_ID.test(given) ? given : newId());

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
    done();
  });
  server.addHook('onSend', (request, reply, payload, done) => done(null, tagged(request, reply, payload)));
  server.addHook('onResponse', (request, reply, done) => {
    const { method, id: requestId } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    metrics.httpSeconds.observe({ method, route, status: String(status) }, reply.elapsedTime / 1000);
    // The route, not the address: ids and searches are nobody's business in a log.
    logger.debug({ event: 'http.request', method, route, status, ms: Math.round(reply.elapsedTime), requestId });
    done();
  });
}

/** An entity tag (RFC 9110, 8.8.3), and no body where the client has that very one. */
function tagged(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const isTagged = request.method === 'GET' && reply.statusCode === 200 && typeof payload === 'string';
  if (!isTagged || !TAGGED_ROUTES.has(request.routeOptions.url ?? '')) return payload;
  const tag = `"${hash('sha256', payload, 'base64url').slice(0, 22)}"`;
  void reply.header('ETag', tag).header('Cache-Control', 'private, no-cache');
  if (request.headers['if-none-match'] !== tag) return payload;
  void reply.status(304).removeHeader('content-length');
  return '';
}
