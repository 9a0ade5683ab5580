import { Principal } from '../../src/access/principal.js';
import type { FoundView, SearchView } from '../../src/protocol/search-views.js';
import type { MessageView } from '../../src/protocol/views.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Deletions } from '../../src/messages/editing/deletions.service.js';
import { TextEdits } from '../../src/messages/editing/text-edits.service.js';
import { Message } from '../../src/rooms/message.entity.js';
import { toMessageView } from '../../src/rooms/message.view.js';
import { RoomLog } from '../../src/rooms/room-log.js';
import type { Actor, World } from './world.js';

/** What is asked for, by name. */
export type Asked = Readonly<Record<string, string | number | undefined>>;

/** Asks a search that must be answered. */
export async function search(actor: Actor, query: Asked): Promise<SearchView> {
  const { status, body } = await actor.call<SearchView>('GET', `/search/messages?${pathOf(query)}`);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

export const pathOf = (query: Asked): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  ).toString();

/** The texts that are found, the newest first. */
export const textsOf = ({ items }: SearchView): (string | null)[] => items.map(({ text }) => text);

/** What of a text is said to match. */
export const matchedIn = ({ text, matches }: FoundView): string[] =>
  matches.map(({ start, end }) => [...(text ?? '')].slice(start, end).join(''));

/** All pages of a search. */
export async function searchAll(actor: Actor, query: Asked): Promise<FoundView[]> {
  const found: FoundView[] = [];
  let cursor: string | null = null;
  do {
    const page: SearchView = await search(actor, { ...query, ...(cursor ? { cursor } : {}) });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return found;
}

/** What is to become of a message. */
export interface Change {
  readonly text?: string;
  readonly deleted?: boolean;
  /** What it has beside its text, in place of what it had. */
  readonly payload?: Record<string, unknown>;
}

/** Changes a message as its author does. */
export async function changeMessage(world: World, message: MessageView, change: Change): Promise<void> {
  const { id, senderId } = message;
  const author = Principal.user(senderId ?? '', '', 'guest');
  if (change.payload) await giveParts(world, message, change);
  else if (change.deleted) await world.app.get(Deletions).delete(author, { id });
  else await world.app.get(TextEdits).edit(author, { id, text: change.text ?? '' });
}

async function giveParts(world: World, { roomId, rev }: MessageView, { text, payload = {} }: Change): Promise<void> {
  const log = world.app.get(RoomLog);
  await world.app.get(UnitOfWork).run(async (tx) => {
    const head = await log.lockOne(tx, roomId);
    const before = await tx.manager.findOneByOrFail(Message, { roomId, rev });
    const after = { ...before, text: text ?? before.text, payload };
    log.changeMessage(head, after, { event: 'message.edited', dataOf: (changed) => toMessageView(changed) });
    await log.save(tx, [head]);
  });
}
