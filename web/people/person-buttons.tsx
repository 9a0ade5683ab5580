import { MessageCircle } from 'lucide';
import type { UserView } from '../../src/protocol/views.js';
import { nameOf } from '../app/names.js';
import { defineTexts } from '../i18n/texts.js';
import { openDirect } from '../rooms/room-deeds.js';
import { IconButton } from '../ui/button.js';

const t = defineTexts({ write: 'Write to {name}' }, { write: '给{name}发消息' });

/** Opens the talk with somebody. */
export function MessageButton({ user }: { readonly user: UserView }) {
  return (
    <IconButton
      icon={MessageCircle}
      label={t('write', { name: nameOf(user) })}
      onClick={() => void openDirect(user.id)}
    />
  );
}
