import type { PendingMessage } from '../../../sdk/outbox-entry.js';
import type { MessageView } from '../../../src/protocol/views.js';

/** A row of the list: a message or notice, or one's own message on its way. */
export type Row = MessageView | PendingRow;
export interface PendingRow {
  readonly id: string;
  readonly kind: 'pending';
  readonly pending: PendingMessage;
}
