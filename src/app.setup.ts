import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import fastifyCors from '@fastify/cors';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, fastify } from 'fastify';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveDocuments } from './app.documents.js';
import { ProblemFilter } from './app.filter.js';
import { createHttpAdapter, watchRequests } from './app.http.js';
import { RouteTable } from './app.routes.js';
import { DtoPipe } from './common/dto.pipe.js';
import type { AppConfig } from './config/app-config.js';
import { RequestRates } from './limits/request-rates.service.js';
import { Metrics } from './metrics/metrics.js';
import { ChatWsAdapter } from './realtime/chat-ws.adapter.js';

export { createHttpAdapter };

/** Outside the prefix: what operators and balancers ask. */
const AT_ROOT = ['livez', 'readyz', 'metrics'];
const DOCS = '/api/docs';
/** What pages of other origins need to know of a file beside its content. */
const OF_FILES = ['Accept-Ranges', 'Content-Disposition', 'Content-Range'];

/** Everything between the modules and a server that can listen; the same for `main.ts` and tests. */
export async function configureApp(app: NestFastifyApplication, config: AppConfig): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const routes = new RouteTable();
  routes.watch(server);
  watchRequests(server, app.get(Metrics));
  await secure(app, config);
  await app.register(fastifyMultipart);
  app.setGlobalPrefix('api/v1', { exclude: AT_ROOT });
  app.useGlobalPipes(new DtoPipe(config.limits));
  app.useGlobalFilters(new ProblemFilter(routes, app.get(RequestRates)));
  app.useWebSocketAdapter(new ChatWsAdapter(app));
  serveDocuments(app, config);
  await servePage(app);
}

async function secure(app: NestFastifyApplication, { http, tls }: AppConfig): Promise<void> {
  const directives = {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    // `blob:` is for a file that is about to be sent.
    imgSrc: ["'self'", 'data:', 'blob:'],
    mediaSrc: ["'self'"],
    fontSrc: ["'self'"],
    connectSrc: ["'self'", 'ws:', 'wss:'],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  };
  const headers = await headersOf({ contentSecurityPolicy: { useDefaults: false, directives }, hsts: tls !== null });
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.addHook('onRequest', (_, reply, done) => {
    void reply.headers(headers);
    done();
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    // The page of the API documents brings inline styles of its own.
    if (request.url.startsWith(DOCS)) {
      const policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";
      void reply.header('Content-Security-Policy', policy);
    }
    done(null, payload);
  });
  // Not by `enableCors`: it also writes each answer's headers past Fastify, which makes Node check all of them anew.
  await app.register(fastifyCors, {
    origin: [...http.allowedOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['X-Request-Id', 'ETag', 'Retry-After', 'RateLimit', 'RateLimit-Policy', ...OF_FILES],
    maxAge: 600,
    // An OPTIONS that is no preflight is no fault.
    strictPreflight: false,
  });
}

/** What helmet sets, asked once: it would make the same texts for every request, a twentieth of what one costs. */
async function headersOf(options: FastifyHelmetOptions): Promise<Record<string, string>> {
  const [bare, safe] = [fastify(), fastify()];
  await safe.register(helmet, options);
  const [{ headers: before }, { headers }] = await Promise.all([bare.inject('/'), safe.inject('/')]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !(name in before))) as Record<string, string>;
}

/** The page, where it has been built; a server without it is an API alone. */
async function servePage(app: NestFastifyApplication): Promise<void> {
  const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../web' : '../dist/web', import.meta.url));
  if (!existsSync(root)) return;
  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    // The build has packed them beside themselves.
    preCompressed: true,
    setHeaders: (reply, path) => {
      // Built files carry a hash in their names; only the first page is asked for again.
      const isNamedByHash = path.includes('/assets/');
      reply.header('Cache-Control', isNamedByHash ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
