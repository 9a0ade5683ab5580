import type { UserView } from '../../src/protocol/views.js';
import { client } from './client.js';
import { follow, touch } from './live.js';

/** Ids asked for at a time. */
const BATCH = 100;
const known = new Map<string, UserView | null>();
let wanted = new Set<string>();

/** A user by id: undefined while he is being asked for, null where there is none any more. */
export function userOf(userId: string): UserView | null | undefined {
  follow('names');
  const user = known.get(userId);
  if (user === undefined) ask(userId);
  return user;
}

/** What to call somebody: what the reader has chosen for a friend, or his own name. */
export function nameOf(user: UserView): string {
  return client.people.friends.get(user.id)?.alias ?? user.displayName;
}

/** Users that came with another answer. */
export function keepUsers(users: readonly UserView[]): void {
  for (const user of users) known.set(user.id, user);
  if (users.length > 0) touch('names');
}

/** Forgets everybody: another user sees other names. */
export function forgetUsers(): void {
  known.clear();
  wanted.clear();
}

function ask(userId: string): void {
  if (wanted.size === 0) setTimeout(() => void lookUp(), 0);
  wanted.add(userId);
}

async function lookUp(): Promise<void> {
  const ids = [...wanted].slice(0, BATCH);
  wanted = new Set([...wanted].slice(BATCH));
  const users = await client.rest.lookUpUsers(ids).catch(() => null);
  // Drawing now would ask at once again, and so for ever while the server is away; the next drawing does.
  if (!users) return wanted.clear();
  for (const id of ids) known.set(id, null);
  keepUsers(users);
  touch('names');
  if (wanted.size > 0) await lookUp();
}
