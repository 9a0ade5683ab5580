import { LogOut } from 'lucide';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { Pane } from '../app/pane.js';
import { signOut } from '../app/sign-out.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Account } from './account.js';
import { Logins } from './logins.js';
import { Look } from './look.js';
import { Notices } from './notices.js';
import { Password } from './password.js';
import { Preferences } from './preferences.js';
import { Profile } from './profile.js';
import { Section } from './section.js';
import { StatusForm } from './status-form.js';

const t = defineTexts(
  { title: 'Settings', status: 'Status', signOut: 'Sign out' },
  { title: '设置', status: '状态', signOut: '退出登录' },
);

/** Everything one sets for oneself. */
export function Settings() {
  follow('me');
  const { user } = client;
  const out = (
    <Button onClick={() => void signOut()}>
      <Icon of={LogOut} size={18} /> {t('signOut')}
    </Button>
  );
  return (
    <Pane title={t('title')} action={out}>
      {user && (
        <>
          <Profile key={`profile ${user.id}`} user={user} />
          <Section title={t('status')}>
            <StatusForm />
          </Section>
          <Look />
          <Notices />
          <Preferences />
          {user.role !== 'guest' && <Password />}
          <Logins />
          <Account user={user} />
        </>
      )}
    </Pane>
  );
}
