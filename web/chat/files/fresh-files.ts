import { useEffect, useState } from 'preact/hooks';
import type { AttachmentView } from '../../../src/protocol/attachment-views.js';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { connection } from '../../app/connection.js';

/** A link is asked for anew when it has less than this left, in milliseconds. */
const LEFT_MS = 60_000;
/** Never more often than this: by a clock that is wrong, no link is ever fresh. */
const LEAST_MS = 30_000;
const DAY_MS = 86_400_000;
const known = new Map<string, readonly AttachmentView[]>();
const asked = new Map<string, Promise<readonly AttachmentView[]>>();

/** Files of a message with links that load, now and as long as they are shown; null until they are there. */
export function useFreshFiles(message: Pick<MessageView, 'id' | 'attachments'>): readonly AttachmentView[] | null {
  const [{ files, at }, setState] = useState({ files: freshOf(message), at: 0 });
  const isOnline = connection.value?.state === 'online';
  useEffect(() => {
    let isWanted = true;
    const renew = () =>
      fetchFiles(message.id).then(
        (fetched) => isWanted && setState({ files: fetched, at: Date.now() }),
        // It is tried again when the connection is back.
        () => undefined,
      );
    const timer = setTimeout(renew, files ? Math.max(at + LEAST_MS - Date.now(), leftOf(files)) : 0);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [message, files, isOnline]);
  return files;
}

/** Forgets all links: they are another user's from now on. */
export function forgetFiles(): void {
  known.clear();
  asked.clear();
}

function freshOf({ id, attachments }: Pick<MessageView, 'id' | 'attachments'>): readonly AttachmentView[] | null {
  if (leftOf(attachments) > 0) return attachments;
  const kept = known.get(id);
  return kept && leftOf(kept) > 0 ? kept : null;
}

function fetchFiles(messageId: string): Promise<readonly AttachmentView[]> {
  const running = asked.get(messageId);
  if (running) return running;
  const asking = client.rest
    .message(messageId)
    .then(({ attachments }) => {
      if (asked.get(messageId) === asking) known.set(messageId, attachments);
      return attachments;
    })
    .finally(() => asked.get(messageId) === asking && asked.delete(messageId));
  asked.set(messageId, asking);
  return asking;
}

/** Milliseconds until the first of these links has to be renewed, a day at most. */
const leftOf = (files: readonly AttachmentView[]): number =>
  Math.min(DAY_MS, ...files.map((file) => endOf(file) - LEFT_MS - Date.now()));

/** The second part of a signature is its end, in epoch milliseconds; a link without one does not load. */
const endOf = ({ url }: AttachmentView): number => Number(/[?&]signature=[^.&]+\.(\d+)/.exec(url)?.[1] ?? 0);
