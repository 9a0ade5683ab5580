import { useEffect, useState } from 'preact/hooks';
import { askServer, isServerAway, server } from '../app/server.js';
import { route } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import logo from '../icon.svg';
import { GuestForm } from './guest-form.js';
import { LanguageLinks } from './language-links.js';
import { RegisterForm } from './register-form.js';
import { SignInForm } from './sign-in-form.js';

const t = defineTexts(
  {
    tagline: 'Talk with the people around you: in rooms, or just the two of you.',
    invited: 'You have been invited to a room. Come in, and you will see it.',
    account: 'With an account',
    known: 'Have an account',
    fresh: 'New here',
    or: 'or',
    away: 'The server cannot be reached. Trying again…',
  },
  {
    tagline: '与身边的人畅聊：在房间里，或者只有你们两个人。',
    invited: '您受邀加入一个房间，进入后即可看到。',
    account: '使用账号',
    known: '已有账号',
    fresh: '新用户注册',
    or: '或',
    away: '无法连接到服务器，正在重试…',
  },
);

/** Where one comes in: as a guest at once, or with an account. */
export function Door() {
  useEffect(() => void askServer(), []);
  const config = server.value;
  // What may be done here is the server's to say; until then there is nothing that would move when it has.
  if (!config) return <main class="door">{isServerAway.value && <p role="status">{t('away')}</p>}</main>;
  return (
    <main class="door">
      <div class="door-card">
        <img class="logo" src={logo} alt="" width="64" height="64" />
        <h1>Parley</h1>
        <p class="host">{location.host}</p>
        <p class="tagline">{route.value.at === 'invite' ? t('invited') : t('tagline')}</p>
        {config.features.guests && (
          <>
            <GuestForm />
            <p class="or">
              <span>{t('or')}</span>
            </p>
          </>
        )}
        <Account mayRegister={config.features.registration === 'open'} />
      </div>
      <LanguageLinks />
    </main>
  );
}

function Account({ mayRegister }: { readonly mayRegister: boolean }) {
  const [isNew, setNew] = useState(false);
  const tab = (label: string, becomesNew: boolean) => (
    <button type="button" aria-pressed={isNew === becomesNew} onClick={() => setNew(becomesNew)}>
      {label}
    </button>
  );
  return (
    <section class="account" aria-label={t('account')}>
      {mayRegister && (
        <div class="segments" role="group" aria-label={t('account')}>
          {tab(t('known'), false)}
          {tab(t('fresh'), true)}
        </div>
      )}
      {isNew && mayRegister ? <RegisterForm /> : <SignInForm />}
    </section>
  );
}
