import { client } from '../../app/client.js';
import type { Outgoing } from './outgoing.js';

/** What somebody was writing in a room. */
export interface Draft {
  readonly text: string;
  /** Whom the text speaks to: names as they stand behind the @, with ids. */
  readonly mentions: Readonly<Record<string, string>>;
  readonly replyToId?: string;
  /** A message that was being edited, with what it was to say. */
  readonly edit?: { readonly id: string; readonly text: string };
}

export const NO_DRAFT: Draft = { text: '', mentions: {} };

/** Drafts are one user's: another one who signs in here must not find them in his field. */
const keyOf = (roomId: string): string => `parley.draft.${client.user?.id ?? ''}.${roomId}`;

export const loadDraft = (roomId: string): Draft => draftOf(localStorage.getItem(keyOf(roomId)));

function draftOf(kept: string | null): Draft {
  if (kept === null) return NO_DRAFT;
  try {
    return { ...NO_DRAFT, ...(JSON.parse(kept) as Partial<Draft>) };
  } catch {
    return NO_DRAFT;
  }
}

/** Keeps a draft in this browser, over a reload and the end of a login. */
export function keepDraft(roomId: string, draft: Draft): void {
  const isEmpty = draft.text === '' && draft.replyToId === undefined && draft.edit === undefined;
  if (isEmpty) localStorage.removeItem(keyOf(roomId));
  else localStorage.setItem(keyOf(roomId), JSON.stringify(draft));
}

/** Tells of a draft that another tab keeps or sends: what stood there before, and what stands there now. */
export function onDraft(roomId: string, told: (before: Draft, now: Draft) => void): () => void {
  const onStorage = ({ key, oldValue, newValue }: StorageEvent) => {
    if (key === keyOf(roomId)) told(draftOf(oldValue), draftOf(newValue));
  };
  addEventListener('storage', onStorage);
  return () => removeEventListener('storage', onStorage);
}

/** What waited for its files in this tab before it was loaded anew. */
export function loadWaiting(roomId: string): Outgoing | null {
  const kept = sessionStorage.getItem(keyOf(roomId));
  try {
    return kept === null ? null : (JSON.parse(kept) as Outgoing);
  } catch {
    return null;
  }
}

/** Keeps what waits for its files over a reload: in this tab alone, as the files are this tab's. */
export function keepWaiting(roomId: string, waiting: Outgoing | null): void {
  if (waiting) sessionStorage.setItem(keyOf(roomId), JSON.stringify(waiting));
  else sessionStorage.removeItem(keyOf(roomId));
}

/** Forgets all drafts of who is signed in: he leaves this browser by his own choice. */
export function forgetDrafts(): void {
  const begin = keyOf('');
  for (const kept of [localStorage, sessionStorage]) {
    const own = Object.keys(kept).filter((key) => key.startsWith(begin));
    own.forEach((key) => kept.removeItem(key));
  }
}
