import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

/** A picture as it leaves. */
export interface Picture {
  readonly content: Buffer;
  readonly mediaType: 'image/webp' | 'image/svg+xml';
  /** The same as long as the content is. */
  readonly tag: string;
  /** Whether the address asked for this very picture, so that it may be kept for a while without asking again. */
  readonly isFixed: boolean;
}

const BINARY = { schema: { type: 'string', format: 'binary' } } as const;

/** Says in the API document that a route answers with a picture. */
export const AnswersPicture = (): MethodDecorator =>
  applyDecorators(
    ApiResponse({ status: 200, description: '', content: { 'image/webp': BINARY, 'image/svg+xml': BINARY } }),
    ApiResponse({ status: 304, description: '' }),
  );

/**
 * The content of a picture, with the headers that go with it: pages of other origins may show it, nothing in it may run
 * where it is opened by itself, and what it is is not guessed.
 */
export function sendPicture(reply: FastifyReply, { content, mediaType, tag, isFixed }: Picture): Buffer {
  void reply
    .type(mediaType)
    .header('ETag', `"${tag}"`)
    .header('Cache-Control', isFixed ? 'private, max-age=3600' : 'private, no-cache')
    .header('Content-Security-Policy', "default-src 'none'; sandbox")
    .header('Cross-Origin-Resource-Policy', 'cross-origin')
    .header('X-Content-Type-Options', 'nosniff');
  return content;
}
