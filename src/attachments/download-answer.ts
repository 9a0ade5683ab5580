import { HttpStatus, StreamableFile, applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChatError } from '../common/chat-error.js';
import { isShownInline } from '../media/media-types.js';
import type { Download } from './attachment-downloads.service.js';
import { contentDisposition } from './content-disposition.js';

const ANY = { '*/*': { schema: { type: 'string', format: 'binary' } } } as const;

/** Says in the API document that a route answers with a file of any type, or a part of it. */
export const AnswersDownload = (): MethodDecorator =>
  applyDecorators(
    ApiResponse({ status: 200, description: '', content: ANY }),
    ApiResponse({ status: 206, description: '', content: ANY }),
    ApiResponse({ status: 304, description: '' }),
  );

/**
 * A file as it leaves: nothing in it may run where it is opened by itself, what it is is not guessed, and what is not
 * safe to show is saved. It is asked for again each time, by its tag, so that it is gone with the right to it.
 *
 * @throws ChatError `RANGE_NOT_SATISFIABLE`
 */
export function sendDownload(reply: FastifyReply, { attachment, tag, part, stream }: Download): StreamableFile | '' {
  const { bytes, mediaType, name } = attachment;
  void reply
    .header('Accept-Ranges', 'bytes')
    .header('Content-Security-Policy', "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox")
    .header('Cross-Origin-Resource-Policy', 'cross-origin')
    .header('X-Content-Type-Options', 'nosniff');
  if (part === 'none') {
    void reply.header('Content-Range', `bytes */${bytes}`);
    throw new ChatError('RANGE_NOT_SATISFIABLE');
  }
  void reply.header('ETag', tag).header('Cache-Control', 'private, no-cache');
  if (!stream) {
    void reply.status(HttpStatus.NOT_MODIFIED);
    return '';
  }
  if (part) {
    void reply.status(HttpStatus.PARTIAL_CONTENT);
    void reply.header('Content-Range', `bytes ${part.first}-${part.last}/${bytes}`);
  }
  void reply
    .type(mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType)
    .header('Content-Disposition', contentDisposition(isShownInline(mediaType) ? 'inline' : 'attachment', name));
  return new StreamableFile(stream, { length: part ? part.last - part.first + 1 : bytes });
}
