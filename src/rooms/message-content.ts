import type { AttachmentView } from '../protocol/attachment-views.js';
import type { ReactionView } from '../protocol/message-views.js';
import type { Message } from './message.entity.js';

/** What a reply answers to, as it was when it was sent. */
export interface ReplyTarget {
  readonly id: string;
  readonly rev: number;
  readonly senderId: string | null;
}

/** From where a forwarded message was copied. */
export interface ForwardSource {
  readonly id: string;
  readonly senderId: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
}

/**
 * What a text message has beside its text, in its `payload` column: each left out where there is none, and no document
 * where there is nothing, as in nearly all. Kept with the message, so that a page of history needs no join.
 */
export interface MessageContent {
  readonly replyTo?: ReplyTarget;
  readonly forwarded?: ForwardSource;
  /** Ids of members, or `all` alone. */
  readonly mentions?: readonly string[];
  /** As frames have them: without what is signed for a reader. */
  readonly attachments?: readonly AttachmentView[];
  readonly pinned?: true;
  /** In the order in which each emoji came first. */
  readonly reactions?: readonly Pick<ReactionView, 'emoji' | 'count'>[];
}

const NOTHING: MessageContent = Object.freeze({});

/** The content of a message of a person; nothing of a notice, whose payload has other facts. */
export const contentOf = ({ kind, payload }: Pick<Message, 'kind' | 'payload'>): MessageContent =>
  kind === 'text' && payload !== null ? payload : NOTHING;

/** The same as it is stored: null where there is nothing. */
export function toPayload(content: MessageContent): Record<string, unknown> | null {
  const kept = Object.entries(content).filter(([, value]) => value !== undefined && !isEmpty(value));
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
