import { Copy, Eye, Forward, History, Pencil, Pin, PinOff, Reply, SmilePlus, Trash2 } from 'lucide';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { type MenuItem, MenuLines, moveFocus } from '../../ui/menu.js';
import { type Beside, Popover } from '../../ui/popover.js';
import { QUICK } from '../emoji/recent.js';
import type { OpenRoom } from '../open-room.js';
import {
  canDelete,
  canEdit,
  canPin,
  canReact,
  canReply,
  copyMessage,
  deleteMessage,
  react,
  togglePin,
} from './deeds.js';
import { isOwn } from './row-facts.js';

const t = defineTexts(
  {
    menu: 'Message',
    reactWith: 'React with {emoji}',
    more: 'Another reaction…',
    reply: 'Reply',
    edit: 'Edit',
    copy: 'Copy text',
    forward: 'Forward…',
    pin: 'Pin',
    unpin: 'Unpin',
    readers: 'Read by…',
    revisions: 'Earlier versions…',
    delete: 'Delete',
  },
  {
    menu: '消息操作',
    reactWith: '用 {emoji} 回应',
    more: '其他回应…',
    reply: '回复',
    edit: '编辑',
    copy: '复制文字',
    forward: '转发…',
    pin: '置顶',
    unpin: '取消置顶',
    readers: '谁已读…',
    revisions: '历史版本…',
    delete: '删除',
  },
);

interface MessageMenuProps {
  readonly open: OpenRoom;
  readonly message: MessageView;
  readonly beside: Beside;
}

/** Everything that one may do with a message. */
export function MessageMenu({ open, message, beside }: MessageMenuProps) {
  const close = () => (open.overlay.value = null);
  const choose = ({ act }: MenuItem) => {
    close();
    act();
  };
  return (
    <Popover
      role="menu"
      label={t('menu')}
      beside={beside}
      onClose={close}
      onKeyDown={(event) => moveFocus(event, close)}
    >
      {canReact(open) && <QuickReactions message={message} onChosen={close} />}
      <MenuLines items={itemsOf({ open, message, beside })} onChoose={choose} />
    </Popover>
  );
}

function QuickReactions({ message, onChosen }: { readonly message: MessageView; readonly onChosen: () => void }) {
  const mine = new Set(message.reactions.filter((one) => one.mine).map(({ emoji }) => emoji));
  return (
    <div class="quick">
      {QUICK.map((emoji) => (
        <button
          key={emoji}
          type="button"
          role="menuitemcheckbox"
          aria-checked={mine.has(emoji)}
          aria-label={t('reactWith', { emoji })}
          onClick={() => {
            onChosen();
            void react(message, emoji, !mine.has(emoji));
          }}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

function itemsOf({ open, message, beside }: MessageMenuProps): readonly MenuItem[] {
  const show = (kind: 'picker' | 'forward' | 'readers' | 'revisions') => () =>
    (open.overlay.value = { kind, message, beside });
  const items: readonly (MenuItem | false)[] = [
    canReact(open) && { label: t('more'), icon: SmilePlus, act: show('picker') },
    canReply(open) && { label: t('reply'), icon: Reply, act: () => open.answer(message) },
    canEdit(open, message) && { label: t('edit'), icon: Pencil, act: () => open.edit(message) },
    !!message.text && { label: t('copy'), icon: Copy, act: () => void copyMessage(message) },
    { label: t('forward'), icon: Forward, act: show('forward') },
    canPin(open) && {
      label: t(message.pinned ? 'unpin' : 'pin'),
      icon: message.pinned ? PinOff : Pin,
      act: () => void togglePin(message),
    },
    isOwn(message) && isTold(open) && { label: t('readers'), icon: Eye, act: show('readers') },
    message.editedAt !== null && { label: t('revisions'), icon: History, act: show('revisions') },
    canDelete(open, message) && {
      label: t('delete'),
      icon: Trash2,
      isDanger: true,
      act: () => void deleteMessage(message),
    },
  ];
  return items.filter((item) => item !== false);
}

/** Whether anybody is there who could have read it. */
const isTold = ({ roomId }: OpenRoom): boolean => (client.rooms.get(roomId)?.view?.memberCount ?? 0) > 1;
