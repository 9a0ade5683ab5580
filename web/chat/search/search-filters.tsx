import { useState } from 'preact/hooks';
import type { UserView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { nameOf } from '../../app/names.js';
import { defineTexts } from '../../i18n/texts.js';
import { useLoaded } from '../../ui/load.js';

const t = defineTexts(
  {
    filters: 'Filters',
    anybody: 'From anybody',
    sender: 'Sender',
    kind: 'With',
    anything: 'Anything',
    image: 'Pictures',
    file: 'Files',
    link: 'Links',
    from: 'Since',
    to: 'Until',
  },
  {
    filters: '筛选',
    anybody: '任何人',
    sender: '发送者',
    kind: '包含',
    anything: '不限',
    image: '图片',
    file: '文件',
    link: '链接',
    from: '开始日期',
    to: '结束日期',
  },
);

/** What a message that is looked for has. Days are those of a date field: `2026-03-01`. */
export interface Filters {
  readonly sender: UserView | null;
  readonly has: 'file' | 'image' | 'link' | null;
  readonly from: string;
  readonly to: string;
}
export const NO_FILTERS: Filters = { sender: null, has: null, from: '', to: '' };

const KINDS = ['image', 'file', 'link'] as const;

interface SearchFiltersProps {
  readonly roomId?: string;
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** Narrows a search down. */
export function SearchFilters({ roomId, filters, onChange }: SearchFiltersProps) {
  return (
    <details class="filters">
      <summary>{t('filters')}</summary>
      <div class="grid">
        <SenderChoice roomId={roomId} sender={filters.sender} onChange={(sender) => onChange({ ...filters, sender })} />
        <label>
          <span>{t('kind')}</span>
          <select
            value={filters.has ?? ''}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...filters, has: KINDS.find((kind) => kind === value) ?? null })
            }
          >
            <option value="">{t('anything')}</option>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(kind)}
              </option>
            ))}
          </select>
        </label>
        {(['from', 'to'] as const).map((end) => (
          <label key={end}>
            <span>{t(end)}</span>
            <input
              type="date"
              value={filters[end]}
              onChange={({ currentTarget: { value } }) => onChange({ ...filters, [end]: value })}
            />
          </label>
        ))}
      </div>
    </details>
  );
}

interface SenderChoiceProps {
  readonly roomId?: string;
  readonly sender: UserView | null;
  readonly onChange: (sender: UserView | null) => void;
}

/** Among the members of the room, or friends. */
function SenderChoice({ roomId, sender, onChange }: SenderChoiceProps) {
  const [isAsked, setAsked] = useState(false);
  const { value } = useLoaded<readonly UserView[]>(async () => {
    const own = client.user ? [client.user] : [];
    if (!isAsked) return own;
    if (roomId === undefined) return [...own, ...client.people.friends.values()];
    return (await client.rest.members(roomId, { limit: 100 })).items.map(({ user }) => user);
  }, `${roomId} ${isAsked}`);
  const users = value ?? [];
  return (
    <label>
      <span>{t('sender')}</span>
      <select
        value={sender?.id ?? ''}
        onFocus={() => setAsked(true)}
        onPointerDown={() => setAsked(true)}
        onChange={({ currentTarget }) => onChange(users.find(({ id }) => id === currentTarget.value) ?? null)}
      >
        <option value="">{t('anybody')}</option>
        {users.map((user) => (
          <option key={user.id} value={user.id}>
            {nameOf(user)}
          </option>
        ))}
      </select>
    </label>
  );
}
