import { Pane } from '../app/pane.js';
import { go } from '../app/route.js';
import { SearchPanel } from '../chat/search/search-panel.js';
import { defineTexts } from '../i18n/texts.js';

const t = defineTexts({ title: 'Search all talks' }, { title: '搜索所有会话' });

/** Messages of all rooms with what is looked for, the newest first. */
export function Search({ query }: { readonly query: string }) {
  return (
    <Pane title={t('title')}>
      <SearchPanel key={query} query={query} onJump={({ roomId, id }) => go({ at: 'room', roomId, messageId: id })} />
    </Pane>
  );
}
