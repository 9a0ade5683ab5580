import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChatError, toProblem } from './common/chat-error.js';
import { toRefusal } from './database/errors.js';
import type { ErrorCode } from './protocol/errors.js';
import type { RequestRates } from './limits/request-rates.service.js';
import { FrameError } from './protocol/frames.js';
import type { RouteTable } from './app.routes.js';

const API = '/api/v1/';

/** Fastify's own refusals, by their code (https://fastify.dev/docs/latest/Reference/Errors/). */
const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA',
  FST_ERR_CTP_INVALID_TYPE: 'UNSUPPORTED_MEDIA',
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BAD_REQUEST',
  FST_ERR_BAD_URL: 'BAD_REQUEST',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
};
const STATUS_CODES: Record<number, ErrorCode> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'NOT_FOUND',
  415: 'UNSUPPORTED_MEDIA',
  503: 'UNAVAILABLE',
};

/** The refusal that a fault of the request means, of the database, of Fastify or of Nest; else the error itself. */
export function refusalOf(thrown: unknown): unknown {
  const error = toRefusal(thrown);
  if (error instanceof ChatError) return error;
  if (error instanceof FrameError) return new ChatError(error.code, { detail: error.message, cause: error });
  const code = FASTIFY_CODES[(error as { code?: string }).code ?? ''] ?? codeOfStatus(error);
  return code ? new ChatError(code, { cause: error }) : error;
}

function codeOfStatus(error: unknown): ErrorCode | undefined {
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
  if (status === undefined || status < 400 || status > 503) return undefined;
  return STATUS_CODES[status] ?? (status < 500 ? 'BAD_REQUEST' : undefined);
}

/** Answers everything that is thrown during a request as `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(
    private readonly routes: RouteTable,
    private readonly rates: RequestRates,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.tooMany(request, reply) ?? this.describe(thrown, request, reply);
    const problem = toProblem(error, request.id);
    if (problem.code === 'INTERNAL') this.log(thrown, request);
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
    if (problem.retryAfterMs !== undefined) void reply.header('Retry-After', Math.ceil(problem.retryAfterMs / 1000));
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  /** What is refused before the guard of its route, or has no route, is counted here; operators are not. */
  private tooMany(request: FastifyRequest, reply: FastifyReply): unknown {
    const isOfOperator = !request.is404 && !request.url.startsWith(API);
    if (isOfOperator || this.rates.isCounted(reply)) return null;
    try {
      this.rates.countAddress(request, reply);
      return null;
    } catch (error) {
      return error;
    }
  }

  private describe(thrown: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
    const error = refusalOf(thrown);
    const isMissing = error instanceof ChatError && error.code === 'NOT_FOUND' && request.is404;
    return isMissing ? this.notFound(request, reply) : error;
  }

  /** An address that offers other methods says so. */
  private notFound({ url, method }: FastifyRequest, reply: FastifyReply): ChatError {
    const allowed = this.routes.methodsOf(url);
    if (allowed.length === 0 || allowed.includes(method)) return new ChatError('NOT_FOUND');
    void reply.header('Allow', allowed.join(', '));
    return new ChatError('METHOD_NOT_ALLOWED');
  }

  private log(thrown: unknown, request: FastifyRequest): void {
    const error = thrown instanceof Error ? thrown.stack : String(thrown);
    const { method, id: traceId } = request;
    this.logger.error({ event: 'http.failed', method, route: request.routeOptions.url, traceId, error });
  }
}
