import { follow } from '../../app/live.js';
import { nameOf, userOf } from '../../app/names.js';
import { defineTexts } from '../../i18n/texts.js';

const t = defineTexts({ nobody: 'Deleted user' }, { nobody: '已注销用户' });

/** What somebody is called beside what he wrote. */
export function senderName(userId: string | null): string {
  if (userId === null) return t('nobody');
  // What a friend is called may change.
  follow('people');
  const user = userOf(userId);
  if (user === null) return t('nobody');
  return user ? nameOf(user) : '…';
}
