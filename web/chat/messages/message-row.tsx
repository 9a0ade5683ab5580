import { SmilePlus, Reply, Ellipsis } from 'lucide';
import { useComputed } from '@preact/signals';
import type { MessageView } from '../../../src/protocol/views.js';
import { userOf } from '../../app/names.js';
import { defineTexts } from '../../i18n/texts.js';
import { blockedText } from '../../people/blocked.js';
import { openPerson } from '../../people/open-person.js';
import { Avatar } from '../../ui/avatar.js';
import { Button, IconButton } from '../../ui/button.js';
import { besideOf } from '../../ui/popover.js';
import type { OpenRoom } from '../open-room.js';
import { Bubble } from './bubble.js';
import { canReact, canReply } from './deeds.js';
import { Reactions } from './reactions.js';
import { type Joins, isOwn, rowClass } from './row-facts.js';
import { senderName } from './sender-name.js';

const t = defineTexts(
  {
    react: 'React',
    reply: 'Reply',
    more: 'More',
    show: 'Show',
  },
  { react: '回应', reply: '回复', more: '更多', show: '显示' },
);

interface MessageRowProps {
  readonly open: OpenRoom;
  readonly message: MessageView;
  readonly joins: Joins;
  readonly isActive: boolean;
  /** Whether it is hidden, because its sender is blocked. */
  readonly isFolded: boolean;
}

/** A message: who wrote it, what it says, how others answered, and what one may do about it. */
export function MessageRow({ open, message, joins, isActive, isFolded }: MessageRowProps) {
  const own = isOwn(message);
  const isUnfolded = useComputed(() => open.unfolded.value.has(message.id)).value;
  const hasMenu = useComputed(
    () => open.overlay.value?.kind === 'menu' && open.overlay.value.message.id === message.id,
  ).value;
  if (isFolded) {
    return (
      <p class="notice">
        {blockedText()}{' '}
        <Button look="quiet" onClick={() => open.unfold(message.id)}>
          {t('show')}
        </Button>
      </p>
    );
  }
  return (
    <div class={rowClass(own, joins)}>
      {!own && <Face senderId={message.senderId} isShown={joins.starts} />}
      <div class="said">
        {!own && joins.starts && <SenderName message={message} />}
        <div class="bubble-line">
          <Bubble open={open} message={message} isUnfolded={isUnfolded} />
          {(isActive || hasMenu) && <Tools open={open} message={message} hasMenu={hasMenu} />}
        </div>
        {message.reactions.length > 0 && <Reactions open={open} message={message} />}
      </div>
    </div>
  );
}

function Face({ senderId, isShown }: { senderId: string | null; isShown: boolean }) {
  if (!isShown) return <span class="face" />;
  const user = senderId === null ? null : userOf(senderId);
  if (!user) return <span class="face" />;
  return (
    <button type="button" class="face" tabIndex={-1} aria-hidden="true" onClick={() => openPerson(user.id)}>
      <Avatar url={user.avatarUrl} name={user.displayName} size={36} />
    </button>
  );
}

function SenderName({ message: { senderId } }: { readonly message: MessageView }) {
  const name = senderName(senderId);
  if (senderId === null) return <span class="sender">{name}</span>;
  return (
    <button type="button" class="sender" tabIndex={-1} onClick={() => openPerson(senderId)}>
      <bdi>{name}</bdi>
    </button>
  );
}

/** What is done most with a message, beside it while the pointer or the focus is there. */
function Tools({ open, message, hasMenu }: { open: OpenRoom; message: MessageView; hasMenu: boolean }) {
  if (message.deletedAt !== null) return null;
  const show = (kind: 'menu' | 'picker') => (event: Event) => {
    open.overlay.value = { kind, message, beside: besideOf(event.currentTarget as Element) };
  };
  return (
    <div class="tools">
      {canReact(open) && <IconButton icon={SmilePlus} size={18} label={t('react')} onClick={show('picker')} />}
      {canReply(open) && <IconButton icon={Reply} size={18} label={t('reply')} onClick={() => open.answer(message)} />}
      <IconButton
        icon={Ellipsis}
        size={18}
        label={t('more')}
        aria-haspopup="menu"
        aria-expanded={hasMenu}
        onClick={show('menu')}
      />
    </div>
  );
}
