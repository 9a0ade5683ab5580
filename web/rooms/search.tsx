import { SearchX } from 'lucide';
import { useEffect } from 'preact/hooks';
import type { FoundView } from '../../src/protocol/search-views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { nameOf, userOf } from '../app/names.js';
import { Pane } from '../app/pane.js';
import { go, hrefOf } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf, shortTimeOf } from '../i18n/times.js';
import { Avatar } from '../ui/avatar.js';
import { Empty } from '../ui/empty.js';
import { usePages } from '../ui/load.js';
import { More } from '../ui/more.js';
import { SearchBox } from '../ui/search-box.js';
import { foundParts } from './found-parts.js';
import { contentOf } from './last-line.js';
import { titleOf } from './room-titles.js';

const t = defineTexts(
  {
    title: 'Search messages',
    found: 'Messages found',
    none: 'Nothing found',
    noneText: 'All words have to be in one message. Put words in quotes to find them side by side.',
    in: '{name} in {room}',
    somebody: 'Somebody',
  },
  {
    title: '搜索消息',
    found: '找到的消息',
    none: '没有找到',
    noneText: '消息中需包含所有词语。用双引号可查找连在一起的词。',
    in: '{name} · {room}',
    somebody: '某人',
  },
);

/** Messages of all rooms with what is looked for, the newest first. */
export function Search({ query }: { readonly query: string }) {
  const pages = usePages(
    async (cursor) => (query ? client.rest.search({ q: query, cursor, limit: 30 }) : { items: [], next: null }),
    query,
  );
  useEffect(() => document.querySelector<HTMLElement>('.pane input[type=search]')?.focus(), []);
  const isEmpty = query !== '' && !pages.isLoading && pages.fault === '' && pages.items.length === 0;
  return (
    <Pane title={t('title')}>
      <SearchBox label={t('title')} value={query} onSearch={(next) => go({ at: 'search', query: next })} />
      <ul class="found" aria-label={t('found')}>
        {pages.items.map((message) => (
          <Found key={message.id} message={message} />
        ))}
      </ul>
      {isEmpty && <Empty icon={SearchX} title={t('none')} text={t('noneText')} />}
      <More {...pages} />
    </Pane>
  );
}

function Found({ message }: { readonly message: FoundView }) {
  follow('rooms');
  const { id, roomId, senderId, createdAt } = message;
  const sender = senderId === null ? null : userOf(senderId);
  const view = client.rooms.get(roomId)?.view;
  const name = sender ? nameOf(sender) : t('somebody');
  return (
    <li>
      <a class="row" href={hrefOf({ at: 'room', roomId, messageId: id })}>
        <Avatar url={sender?.avatarUrl ?? null} name={name} size={38} />
        <span class="names">
          <span class="soft">
            {t('in', { name, room: view ? titleOf(view) : '' })} ·{' '}
            <time dateTime={createdAt} title={momentOf(createdAt)}>
              {shortTimeOf(createdAt)}
            </time>
          </span>
          <span class="said">
            {foundParts(message.text ?? contentOf(message), message.matches).map(({ text, isMatch }, at) =>
              isMatch ? <mark key={at}>{text}</mark> : text,
            )}
          </span>
        </span>
      </a>
    </li>
  );
}
