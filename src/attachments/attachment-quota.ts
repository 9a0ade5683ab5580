import { ChatError } from '../common/chat-error.js';
import type { Limits } from '../protocol/limits.js';
import type { Usage } from './attachments.queries.js';

/** Throws `QUOTA_EXCEEDED` where somebody may not have so much more. */
export function requireQuota(
  { attachmentQuotaBytes, attachmentsPerUser }: Limits,
  usage: Usage,
  more: { readonly files: number; readonly bytes: number },
): void {
  if (usage.bytes + more.bytes > attachmentQuotaBytes) throw new ChatError('QUOTA_EXCEEDED');
  if (usage.files + more.files <= attachmentsPerUser) return;
  throw new ChatError('QUOTA_EXCEEDED', { detail: 'Too many attachments; delete messages that have some.' });
}
