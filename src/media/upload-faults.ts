import { ChatError } from '../common/chat-error.js';
import { toDiskRefusal } from '../common/disk-faults.js';

/** Faults of a form, by the codes of @fastify/multipart. */
const TOO_LARGE = new Set(['FST_REQ_FILE_TOO_LARGE']);
const TOO_MUCH = new Set(['FST_FILES_LIMIT', 'FST_PARTS_LIMIT', 'FST_FIELDS_LIMIT', 'FST_PROTO_VIOLATION']);

/** The refusal that a fault on the way from a form to the disk means. */
export function toUploadFault(error: unknown): unknown {
  if (error instanceof ChatError) return error;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (TOO_LARGE.has(code)) return new ChatError('PAYLOAD_TOO_LARGE', { cause: error });
  if (TOO_MUCH.has(code)) {
    const errors = [{ path: 'file', code: 'unknownField', message: 'must be the one field' }];
    return new ChatError('VALIDATION_FAILED', { errors, cause: error });
  }
  // A fault of the disk is ours; the parser of forms says in plain words what is wrong with one.
  const isOurs = syscall !== undefined && code !== 'ECONNRESET';
  return isOurs
    ? toDiskRefusal(error)
    : new ChatError('BAD_REQUEST', { detail: 'The form could not be read.', cause: error });
}
