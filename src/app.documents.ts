import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { answerSchemas } from './common/answer.decorator.js';
import type { AppConfig } from './config/app-config.js';
import { clientConfig } from './config/client-config.js';
import { asyncApiDocument, commandModels } from './realtime/asyncapi.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM = {
  description: 'A refusal (RFC 9457).',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The API's documents, made from the code when they are first asked for: REST, its page, and the socket. */
export function serveDocuments(app: NestFastifyApplication, config: AppConfig): void {
  let document: OpenAPIObject | null = null;
  const openApi = () => (document ??= openApiDocument(app, config));
  SwaggerModule.setup('api/docs', app, openApi, { jsonDocumentUrl: 'api/openapi.json', customSiteTitle: 'Parley API' });
  const asyncApi = () => asyncApiDocument(clientConfig(config).version, openApi().components?.schemas ?? {});
  app
    .getHttpAdapter()
    .getInstance()
    .get('/api/asyncapi.json', (_request, reply) => reply.type(JSON_TYPE).send(JSON.stringify(asyncApi())));
}

function openApiDocument(app: NestFastifyApplication, config: AppConfig): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Parley')
    .setDescription('A self-hosted chat backend. The socket is described in /api/asyncapi.json.')
    .setVersion(clientConfig(config).version)
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, base, { extraModels: [...commandModels().values()] });
  const requests = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, closed(schema)]);
  const schemas = { ...Object.fromEntries(requests), ...answerSchemas } as NonNullable<
    OpenAPIObject['components']
  >['schemas'];
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) addProblem(operation);
  }
  return { ...document, components: { ...document.components, schemas } };
}

/** Requests with fields that are not known are refused. */
const closed = (schema: object): object => ({ ...schema, additionalProperties: false });

function addProblem(operation: unknown): void {
  if (typeof operation !== 'object' || operation === null || !('responses' in operation)) return;
  Object.assign(operation.responses as object, { default: PROBLEM });
}
