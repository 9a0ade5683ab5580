import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { limits } from '../server-limits.js';
import { mentionedIn } from './mentions.js';

/** A message as it was submitted: what is written afterwards does not change it. */
export interface Outgoing {
  readonly text: string;
  /** As in a draft: names with ids. */
  readonly mentions: Readonly<Record<string, string>>;
  readonly replyTo: MessageView | null;
}

/** Sends it with its files; those that are too many for one message follow in others. */
export function post(roomId: string, { text, mentions, replyTo }: Outgoing, fileIds: readonly string[]): void {
  if (text === '' && fileIds.length === 0) return;
  const most = limits.value.attachmentsPerMessage;
  const mentioned = mentionedIn(text, mentions);
  client.send(roomId, {
    text,
    ...(replyTo ? { replyToId: replyTo.id } : {}),
    ...(mentioned.length > 0 ? { mentions: mentioned } : {}),
    ...(fileIds.length > 0 ? { attachmentIds: fileIds.slice(0, most) } : {}),
  });
  for (let from = most; from < fileIds.length; from += most) {
    client.send(roomId, { attachmentIds: fileIds.slice(from, from + most) });
  }
}
