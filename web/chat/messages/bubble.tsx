import { Forward, Pin } from 'lucide';
import type { MessageView } from '../../../src/protocol/views.js';
import { defineTexts } from '../../i18n/texts.js';
import { momentOf } from '../../i18n/times.js';
import { isBlocked } from '../../people/blocked.js';
import { Icon } from '../../ui/icon.js';
import type { OpenRoom } from '../open-room.js';
import { Attachments } from '../files/attachments.js';
import { Clock } from './clock.js';
import { ReplyQuote } from './reply-quote.js';
import { RichText } from './rich-text.js';
import { isOwn } from './row-facts.js';
import { senderName } from './sender-name.js';
import { SentMark } from './sent-mark.js';
import { foldedText, isBigEmoji } from './text-parts.js';

const t = defineTexts(
  {
    deleted: 'This message was deleted',
    edited: 'edited',
    pinned: 'Pinned',
    forwarded: 'Forwarded from {name}',
    more: 'Show more',
  },
  { deleted: '此消息已删除', edited: '已编辑', pinned: '已置顶', forwarded: '转发自 {name}', more: '展开全文' },
);

/** More than this of a text is folded away. */
const FOLD = { characters: 1200, lines: 20 };

interface BubbleProps {
  readonly open: OpenRoom;
  readonly message: MessageView;
  readonly isUnfolded: boolean;
}

/** What a message says. */
export function Bubble({ open, message, isUnfolded }: BubbleProps) {
  const { text, deletedAt, attachments, replyTo } = message;
  if (deletedAt !== null) {
    return (
      <div class="bubble deleted">
        <span class="body">
          {t('deleted')} <Meta message={message} />
        </span>
      </div>
    );
  }
  const isBig = text !== null && attachments.length === 0 && isBigEmoji(text);
  return (
    <div class={isBig ? 'bubble big' : 'bubble'}>
      <Forwarded message={message} />
      {replyTo && (
        <ReplyQuote
          reply={replyTo}
          isHidden={isBlocked(replyTo.senderId) && !open.unfolded.value.has(replyTo.id)}
          onJump={() => void open.timeline.jumpTo(replyTo.id)}
        />
      )}
      {attachments.length > 0 && <Attachments open={open} message={message} />}
      <div class="body" dir="auto">
        {text && <Text text={text} message={message} isWhole={isUnfolded} onUnfold={() => open.unfold(message.id)} />}
        <Meta message={message} />
      </div>
    </div>
  );
}

interface TextProps {
  readonly text: string;
  readonly message: Pick<MessageView, 'mentions'>;
  readonly isWhole: boolean;
  readonly onUnfold: () => void;
}

function Text({ text, message, isWhole, onUnfold }: TextProps) {
  const shown = isWhole ? text : foldedText(text, FOLD);
  return (
    <>
      <span class="text">
        <RichText text={shown} mentions={message.mentions} />
        {shown !== text && '…'}
      </span>
      {shown !== text && (
        <button type="button" class="unfold" onClick={onUnfold}>
          {t('more')}
        </button>
      )}
    </>
  );
}

function Forwarded({ message: { payload } }: { readonly message: MessageView }) {
  const source = (payload as { readonly forwarded?: { readonly senderId: string | null } } | null)?.forwarded;
  if (!source) return null;
  return (
    <p class="forwarded">
      <Icon of={Forward} size={14} /> {t('forwarded', { name: senderName(source.senderId) })}
    </p>
  );
}

function Meta({ message }: { readonly message: MessageView }) {
  const { pinned, editedAt, deletedAt, createdAt } = message;
  return (
    <span class="meta" title={momentOf(createdAt)}>
      {pinned && (
        <span role="img" aria-label={t('pinned')}>
          <Icon of={Pin} size={12} />
        </span>
      )}
      {editedAt !== null && deletedAt === null && <span title={momentOf(editedAt)}>{t('edited')}</span>}
      <Clock at={createdAt} />
      {isOwn(message) && deletedAt === null && <SentMark message={message} />}
    </span>
  );
}
