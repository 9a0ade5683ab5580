import type { AttachmentView } from '../src/protocol/attachment-views.js';
import type { MessageReacted } from '../src/protocol/events.js';
import type { ReactionView } from '../src/protocol/message-views.js';
import { previewOf } from '../src/protocol/preview.js';
import type { MessageView } from '../src/protocol/views.js';

/** A message behind `message.reacted`: the numbers are the event's, which of them are one's own is known here. */
export function withReactions(message: MessageView, event: MessageReacted, me: string): MessageView {
  const own = new Set(message.reactions.filter(({ mine }) => mine).map(({ emoji }) => emoji));
  for (const { userId, emoji, added } of event.changes) {
    if (userId !== me) continue;
    if (added) own.add(emoji);
    else own.delete(emoji);
  }
  const reactions = event.reactions.map(({ emoji, count }) => ({ emoji, count, mine: own.has(emoji) }));
  return { ...message, reactions, lastRev: event.lastRev };
}

/**
 * A message as it came, with what a frame cannot say, since it is the same for everybody: which reactions are one's own,
 * and what is answered to where another member may not see that.
 */
export function withOwnFacts(message: MessageView, known: MessageView | undefined): MessageView {
  const own = new Set(known?.reactions.filter(({ mine }) => mine).map(({ emoji }) => emoji));
  const isAnswer = message.reactions.every(({ mine }) => mine !== undefined);
  const replyTo = message.replyTo ?? (message.deletedAt === null ? (known?.replyTo ?? null) : null);
  const attachments = withKnownLinks(message.attachments, known?.attachments ?? []);
  if (isAnswer && replyTo === message.replyTo && attachments === message.attachments) return message;
  const mark = (reaction: ReactionView) => ({ ...reaction, mine: reaction.mine ?? own.has(reaction.emoji) });
  return { ...message, replyTo, attachments, reactions: message.reactions.map(mark) };
}

/**
 * Whether a message came without saying which reactions are one's own, and they are not those that are known: then they
 * changed unseen.
 */
export function isUnsure({ reactions }: MessageView, known: MessageView | undefined): boolean {
  const counts = (list: readonly ReactionView[]): string => list.map(({ emoji, count }) => emoji + count).join();
  const isAnswer = reactions.every(({ mine }) => mine !== undefined);
  return !isAnswer && counts(reactions) !== counts(known?.reactions ?? []);
}

/** Links of a frame are not signed: those that were given for the same file stay. */
function withKnownLinks(given: readonly AttachmentView[], known: readonly AttachmentView[]): readonly AttachmentView[] {
  const signed = new Map(known.filter(({ url }) => url.includes('?')).map((one) => [one.id, one]));
  const isBare = given.some(({ id, url }) => !url.includes('?') && signed.has(id));
  return isBare ? given.map((one) => signed.get(one.id) ?? one) : given;
}

/** A reply with what it answers to as it is now. */
export function answering(message: MessageView, { id, senderId, text }: MessageView): MessageView {
  return { ...message, replyTo: { id, senderId, text: text === null ? null : previewOf(text) } };
}
