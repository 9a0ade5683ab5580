import { useEffect, useRef, useState } from 'preact/hooks';
import { locale } from '../../i18n/locale.js';
import { defineTexts } from '../../i18n/texts.js';
import { isComposing } from '../../ui/keys.js';
import { useLoaded } from '../../ui/load.js';
import { SearchBox } from '../../ui/search-box.js';
import { type Emoji, loadEmoji, searchEmoji } from './emoji-list.js';
import { keepRecent, recentEmoji } from './recent.js';

const t = defineTexts(
  {
    search: 'Search emoji',
    groups: 'Kinds of emoji',
    recent: 'Used lately',
    smileys: 'Smileys',
    people: 'People',
    nature: 'Animals and nature',
    food: 'Food and drink',
    places: 'Travel and places',
    activities: 'Activities',
    objects: 'Objects',
    symbols: 'Symbols',
    flags: 'Flags',
    found: 'Found',
    none: 'No emoji is called that.',
    loading: 'Loading…',
  },
  {
    search: '搜索表情',
    groups: '表情分类',
    recent: '最近使用',
    smileys: '笑脸',
    people: '人物',
    nature: '动物与自然',
    food: '食物与饮料',
    places: '旅行与地点',
    activities: '活动',
    objects: '物品',
    symbols: '符号',
    flags: '旗帜',
    found: '搜索结果',
    none: '没有找到这样的表情。',
    loading: '加载中…',
  },
);

/** The groups of the data by their numbers, each with a sign for its tab; the last one first. */
const GROUPS = [
  { group: -1, name: 'recent', sign: '🕘' },
  { group: 0, name: 'smileys', sign: '😀' },
  { group: 1, name: 'people', sign: '👋' },
  { group: 3, name: 'nature', sign: '🐻' },
  { group: 4, name: 'food', sign: '🍎' },
  { group: 5, name: 'places', sign: '✈️' },
  { group: 6, name: 'activities', sign: '⚽' },
  { group: 7, name: 'objects', sign: '💡' },
  { group: 8, name: 'symbols', sign: '💯' },
  { group: 9, name: 'flags', sign: '🏁' },
] as const;
const COLUMNS = 8;

/** All emoji, by kind or by name. Arrow keys move among them. */
export function EmojiPicker({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const { value, fault } = useLoaded(() => loadEmoji(locale.value), locale.value);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<number>(-1);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => root.current?.querySelector('input')?.focus(), []);
  const pick = (emoji: string) => {
    keepRecent(emoji);
    onPick(emoji);
  };
  const group = GROUPS.find((one) => one.group === chosen) ?? GROUPS[0];
  const shown = value ? shownOf(value, query, chosen) : [];
  return (
    <div class="emoji-picker" ref={root} onKeyDown={moveInGrid}>
      <SearchBox label={t('search')} onSearch={setQuery} />
      <div class="emoji-groups" role="tablist" aria-label={t('groups')}>
        {GROUPS.map((one) => (
          <button
            key={one.group}
            type="button"
            role="tab"
            aria-selected={!query && one.group === chosen}
            aria-label={t(one.name)}
            title={t(one.name)}
            onClick={() => {
              setChosen(one.group);
              setQuery('');
            }}
          >
            {one.sign}
          </button>
        ))}
      </div>
      <div class="emoji-grid" role="group" aria-label={t(query ? 'found' : group.name)}>
        {shown.map(({ sign, label }) => (
          <button key={sign} type="button" aria-label={label} title={label} onClick={() => pick(sign)}>
            {sign}
          </button>
        ))}
        {shown.length === 0 && <p class="soft">{fault || t(value ? 'none' : 'loading')}</p>}
      </div>
    </div>
  );
}

function shownOf(list: readonly Emoji[], query: string, group: number): readonly Emoji[] {
  if (query) return searchEmoji(list, query);
  if (group >= 0) return list.filter((emoji) => emoji.group === group);
  const bare = (sign: string) => sign.replace(/\ufe0f/g, '');
  const bySign = new Map(list.map((emoji) => [bare(emoji.sign), emoji]));
  const recent = recentEmoji().flatMap((sign) => bySign.get(bare(sign)) ?? []);
  return [...recent, ...list.filter((emoji) => emoji.group === 0 && !recent.includes(emoji))];
}

function moveInGrid(event: KeyboardEvent): void {
  if (isComposing(event)) return;
  const grid = (event.currentTarget as HTMLElement).querySelector('.emoji-grid');
  const buttons = [...(grid?.querySelectorAll('button') ?? [])];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const isInField = document.activeElement instanceof HTMLInputElement;
  if (event.key === 'Enter' && isInField) {
    event.preventDefault();
    buttons[0]?.click();
  }
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: COLUMNS,
    ArrowUp: -COLUMNS,
  };
  const step = steps[event.key];
  if (step === undefined || (isInField && event.key !== 'ArrowDown')) return;
  event.preventDefault();
  buttons[at < 0 ? 0 : Math.max(0, Math.min(at + step, buttons.length - 1))]?.focus();
}
