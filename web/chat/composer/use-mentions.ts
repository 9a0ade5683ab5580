import { useId, useState } from 'preact/hooks';
import type { UserView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { keepUsers } from '../../app/names.js';
import { locale } from '../../i18n/locale.js';
import type { OpenRoom } from '../open-room.js';
import { type MentionStart, matching, mentionAt } from './mentions.js';
import type { Writing } from './writing.js';

/** Somebody who may be spoken to; everybody at once has no user. */
export interface MentionOption {
  readonly id: string;
  readonly name: string;
  readonly user: UserView | null;
}

/** Pages of members that are read for completion, and options that are shown. */
const PAGES = 5;
const MOST_SHOWN = 6;

/** What the field knows of completing a mention. */
export interface Mentions {
  readonly listId: string;
  readonly options: readonly MentionOption[];
  readonly chosen: number;
  readonly attributes: object;
  /** Looks at what stands before the cursor. */
  look(): void;
  close(): void;
  choose(option: MentionOption): void;
  /** Whether a key was meant for the list. */
  takeKey(event: KeyboardEvent): boolean;
}

/** Completes names behind an @ in a field. */
export function useMentions(
  open: OpenRoom,
  writing: Writing,
  field: { current: HTMLTextAreaElement | null },
): Mentions {
  const listId = useId();
  const [start, setStart] = useState<MentionStart | null>(null);
  const [members, setMembers] = useState<readonly UserView[] | null>(null);
  const [chosen, setChosen] = useState(0);
  const options = start && members ? optionsOf(open, members, start.query) : [];
  const look = () => {
    const { current } = field;
    if (!current || open.state?.view?.kind !== 'group') return;
    const next =
      current.selectionStart === current.selectionEnd ? mentionAt(current.value, current.selectionStart) : null;
    if (next?.query !== start?.query) setChosen(0);
    setStart(next);
    if (next && !members) void loadMembers(open.roomId).then(setMembers, () => undefined);
  };
  const choose = ({ id, name }: MentionOption) => {
    const { current } = field;
    if (!current || !start) return;
    current.setRangeText(`@${name} `, start.at, current.selectionStart, 'end');
    writing.mention(name, id);
    writing.write(current.value);
    setStart(null);
    current.focus();
  };
  const takeKey = (event: KeyboardEvent): boolean => {
    const option = options[chosen];
    if (!option) return false;
    const { length } = options;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => setChosen((chosen + 1) % length),
      ArrowUp: () => setChosen((chosen + length - 1) % length),
      Enter: () => choose(option),
      Tab: () => choose(option),
      Escape: () => setStart(null),
    };
    const act = acts[event.key];
    if (!act) return false;
    event.preventDefault();
    act();
    return true;
  };
  const attributes = attributesOf(listId, options.length > 0 ? chosen : null);
  return { listId, options, chosen, attributes, look, close: () => setStart(null), choose, takeKey };
}

/** What the field says of the list to who cannot see it. */
function attributesOf(listId: string, chosen: number | null) {
  return {
    'aria-autocomplete': 'list',
    'aria-controls': chosen === null ? undefined : listId,
    'aria-activedescendant': chosen === null ? undefined : `${listId}-${chosen}`,
  } as const;
}

function optionsOf(open: OpenRoom, members: readonly UserView[], query: string): readonly MentionOption[] {
  const others = members.filter(({ id }) => id !== client.user?.id);
  const people = matching(others, query, MOST_SHOWN).map((user) => ({ id: user.id, name: user.displayName, user }));
  const all = locale.value === 'zh' ? '所有人' : 'all';
  const mayAll = open.abilities.value?.['message.mentionAll'].allowed && all.startsWith(query.toLowerCase());
  return mayAll ? [...people, { id: 'all', name: all, user: null }] : people;
}

async function loadMembers(roomId: string): Promise<readonly UserView[]> {
  const users: UserView[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { items, next } = await client.rest.members(roomId, { limit: 100, cursor });
    users.push(...items.map(({ user }) => user));
    if (next === null) break;
    cursor = next;
  }
  keepUsers(users);
  return users;
}
