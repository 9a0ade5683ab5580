import { MonitorSmartphone } from 'lucide';
import type { SessionView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { shortTimeOf } from '../i18n/times.js';
import { Button } from '../ui/button.js';
import { confirm } from '../ui/confirm.js';
import { Icon } from '../ui/icon.js';
import { usePages } from '../ui/load.js';
import { More } from '../ui/more.js';
import { attempt } from '../ui/toast.js';
import { Section } from './section.js';

const t = defineTexts(
  {
    title: 'Logins',
    unknown: 'Unknown device',
    used: 'Last used {time}',
    current: 'This one',
    end: 'End',
    endOf: 'End the login of {name}',
    others: 'End all others',
    othersTitle: 'End all other logins?',
    othersText: 'Everybody who is signed in with your account elsewhere has to sign in again.',
  },
  {
    title: '登录设备',
    unknown: '未知设备',
    used: '最近使用：{time}',
    current: '当前设备',
    end: '退出',
    endOf: '退出{name}的登录',
    others: '退出其他所有设备',
    othersTitle: '要退出其他所有设备吗？',
    othersText: '在其他地方使用您账号的人都需要重新登录。',
  },
);

/** Where the reader is signed in. */
export function Logins() {
  const pages = usePages((cursor) => client.rest.sessions.list({ cursor }), '');
  const end = (act: () => Promise<void>) => attempt(act).then(pages.reload);
  const endOthers = async () => {
    const question = { title: t('othersTitle'), text: t('othersText'), action: t('others') };
    if (await confirm(question)) await end(() => client.rest.sessions.endOthers());
  };
  return (
    <Section title={t('title')}>
      <ul class="people-list" aria-label={t('title')}>
        {pages.items.map((login) => (
          <Login key={login.id} login={login} onEnd={() => void end(() => client.rest.sessions.end(login.id))} />
        ))}
      </ul>
      <More {...pages} />
      {pages.items.length > 1 && <Button onClick={() => void endOthers()}>{t('others')}</Button>}
    </Section>
  );
}

function Login({ login, onEnd }: { readonly login: SessionView; readonly onEnd: () => void }) {
  const name = login.device ?? login.userAgent ?? t('unknown');
  return (
    <li class="row">
      <span class="sign">
        <Icon of={MonitorSmartphone} />
      </span>
      <span class="names">
        <span class="name">{name}</span>
        <span class="soft">
          {[login.address, t('used', { time: shortTimeOf(login.usedAt) })].filter(Boolean).join(' · ')}
        </span>
      </span>
      {login.current ? (
        <span class="soft">{t('current')}</span>
      ) : (
        <Button aria-label={t('endOf', { name })} onClick={onEnd}>
          {t('end')}
        </Button>
      )}
    </li>
  );
}
