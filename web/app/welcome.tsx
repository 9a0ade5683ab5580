import { Compass, MessagesSquare, Plus, UserRound } from 'lucide';
import { defineTexts } from '../i18n/texts.js';
import { openCreateRoom } from '../rooms/open-dialogs.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Icon } from '../ui/icon.js';
import { client } from './client.js';
import { follow } from './live.js';
import { hrefOf } from './route.js';

const t = defineTexts(
  {
    hello: 'Hello, {name}',
    open: 'Choose a talk on the left, or begin something new.',
    find: 'Find rooms',
    create: 'New room',
    people: 'Find people',
  },
  {
    hello: '您好，{name}',
    open: '从左侧选择一个会话，或者开始新的。',
    find: '发现房间',
    create: '新建房间',
    people: '查找用户',
  },
);

/** What stands in the middle while nothing is open. */
export function Welcome() {
  follow('me');
  return (
    <main class="pane welcome">
      <Empty icon={MessagesSquare} title={t('hello', { name: client.user?.displayName ?? '' })} text={t('open')}>
        <a class="button" href={hrefOf({ at: 'find' })}>
          <Icon of={Compass} size={18} /> {t('find')}
        </a>
        <Button onClick={openCreateRoom}>
          <Icon of={Plus} size={18} /> {t('create')}
        </Button>
        <a class="button" href={hrefOf({ at: 'people' })}>
          <Icon of={UserRound} size={18} /> {t('people')}
        </a>
      </Empty>
    </main>
  );
}
