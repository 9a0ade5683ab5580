import { useEffect, useState } from 'preact/hooks';
import type { AttachmentView } from '../../../src/protocol/attachment-views.js';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';

/** A link is asked for anew when it has less than this left, in milliseconds. */
const LEFT_MS = 60_000;
const known = new Map<string, readonly AttachmentView[]>();
const asked = new Map<string, Promise<readonly AttachmentView[]>>();

/** Files of a message with links that load now; null until they are there. */
export function useFreshFiles(message: Pick<MessageView, 'id' | 'attachments'>): readonly AttachmentView[] | null {
  const [files, setFiles] = useState(() => freshOf(message));
  useEffect(() => {
    if (files) return;
    let isWanted = true;
    fetchFiles(message.id).then(
      (fetched) => isWanted && setFiles(fetched),
      () => undefined,
    );
    return () => void (isWanted = false);
  }, [message, files]);
  return files;
}

/** The files of a message with fresh links, asked for where need be. */
export async function freshFiles(message: Pick<MessageView, 'id' | 'attachments'>): Promise<readonly AttachmentView[]> {
  return freshOf(message) ?? fetchFiles(message.id);
}

function freshOf({ id, attachments }: Pick<MessageView, 'id' | 'attachments'>): readonly AttachmentView[] | null {
  if (attachments.every(isFresh)) return attachments;
  const kept = known.get(id);
  return kept?.every(isFresh) ? kept : null;
}

function fetchFiles(messageId: string): Promise<readonly AttachmentView[]> {
  const running =
    asked.get(messageId) ??
    client.rest
      .message(messageId)
      .then(({ attachments }) => {
        known.set(messageId, attachments);
        return attachments;
      })
      .finally(() => asked.delete(messageId));
  asked.set(messageId, running);
  return running;
}

/** The second part of a signature is its end, in epoch milliseconds. */
function isFresh({ url }: AttachmentView): boolean {
  const end = /[?&]signature=[^.&]+\.(\d+)/.exec(url)?.[1];
  return end !== undefined && Number(end) - Date.now() > LEFT_MS;
}
