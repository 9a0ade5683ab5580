import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { follow } from '../../app/live.js';
import { nameOf, userOf } from '../../app/names.js';
import { defineTexts } from '../../i18n/texts.js';
import { Avatar } from '../../ui/avatar.js';
import { Dialog } from '../../ui/dialog.js';

const t = defineTexts(
  {
    title: 'Who has read it',
    read: 'Read',
    delivered: 'Delivered',
    nobody: 'Nobody yet, or those who have do not show it.',
  },
  { title: '谁已读', read: '已读', delivered: '已送达', nobody: '还没有人读过，或对方未公开已读状态。' },
);

/** Who has read a message, and who has received it, as far as they show it. */
export function ReadersDialog({ message, onClose }: { readonly message: MessageView; readonly onClose: () => void }) {
  follow(`receipts:${message.roomId}`);
  const seq = message.seq ?? Infinity;
  const marks = client.receipts.of(message.roomId).filter(({ userId }) => userId !== message.senderId);
  const read = marks.filter(({ readSeq }) => readSeq >= seq).map(({ userId }) => userId);
  const delivered = marks.filter((mark) => mark.deliveredSeq >= seq && mark.readSeq < seq).map(({ userId }) => userId);
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <Group title={t('read')} userIds={read} />
      <Group title={t('delivered')} userIds={delivered} />
      {read.length + delivered.length === 0 && <p class="soft">{t('nobody')}</p>}
    </Dialog>
  );
}

function Group({ title, userIds }: { readonly title: string; readonly userIds: readonly string[] }) {
  if (userIds.length === 0) return null;
  return (
    <section class="readers">
      <h3>{title}</h3>
      <ul aria-label={title}>
        {userIds.map((userId) => (
          <Reader key={userId} userId={userId} />
        ))}
      </ul>
    </section>
  );
}

function Reader({ userId }: { readonly userId: string }) {
  const user = userOf(userId);
  if (!user) return null;
  return (
    <li>
      <Avatar url={user.avatarUrl} name={user.displayName} size={32} />
      <bdi>{nameOf(user)}</bdi>
    </li>
  );
}
