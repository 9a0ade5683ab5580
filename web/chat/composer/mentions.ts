import type { UserView } from '../../../src/protocol/views.js';

/** What is being completed: where its @ stands, and what was typed behind it. */
export interface MentionStart {
  readonly at: number;
  readonly query: string;
}

const START = /(?:^|[\s(（「“，。、])@([^\s@]{0,32})$/u;

/** The mention that is begun right before the cursor; null where there is none. */
export function mentionAt(text: string, cursor: number): MentionStart | null {
  const query = START.exec(text.slice(0, cursor))?.[1];
  return query === undefined ? null : { at: cursor - query.length - 1, query };
}

/** Those who fit what was typed, best first: the beginning of a name before its middle. */
export function matching(users: readonly UserView[], query: string, most: number): readonly UserView[] {
  const wanted = query.toLowerCase();
  const rank = ({ displayName, username }: UserView): number => {
    const names = [displayName.toLowerCase(), username.toLowerCase()];
    if (names.some((name) => name.startsWith(wanted))) return 0;
    if (names.some((name) => name.split(/\s/).some((word) => word.startsWith(wanted)))) return 1;
    return names.some((name) => name.includes(wanted)) ? 2 : 3;
  };
  const ranked = users.map((user) => ({ user, rank: rank(user) })).filter((one) => one.rank < 3);
  return ranked
    .sort((a, b) => a.rank - b.rank || a.user.displayName.localeCompare(b.user.displayName))
    .slice(0, most)
    .map(({ user }) => user);
}

/** The ids of those whom a text still speaks to; `all` alone where it speaks to everybody. */
export function mentionedIn(text: string, chosen: Readonly<Record<string, string>>): readonly string[] {
  const lower = text.toLowerCase();
  const ids = Object.entries(chosen)
    .filter(([name]) => lower.includes(`@${name.toLowerCase()}`))
    .map(([, id]) => id);
  return ids.includes('all') ? ['all'] : [...new Set(ids)];
}
