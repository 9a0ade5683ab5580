import type { ReplyView } from '../../../src/protocol/message-views.js';
import { defineTexts } from '../../i18n/texts.js';
import { blockedText } from '../../people/blocked.js';
import { senderName } from './sender-name.js';

const t = defineTexts(
  { deleted: 'Deleted message', file: 'File', jump: 'Show this message' },
  { deleted: '已删除的消息', file: '文件', jump: '查看原消息' },
);

interface ReplyQuoteProps {
  readonly reply: ReplyView;
  /** Whether its words are not shown, because its sender is blocked. */
  readonly isHidden: boolean;
  readonly onJump: () => void;
}

/** What a message answers to; a click goes there. */
export function ReplyQuote({ reply, isHidden, onJump }: ReplyQuoteProps) {
  const name = senderName(reply.senderId);
  return (
    <button type="button" class="quote" title={t('jump')} onClick={onJump}>
      <bdi class="who">{name}</bdi>
      <span dir="auto">{isHidden ? blockedText() : previewText(reply.text)}</span>
    </button>
  );
}

/** What stands for a message in one line. */
export function previewText(text: string | null): string {
  if (text === null) return t('deleted');
  return text.replace(/\s+/g, ' ').trim() || t('file');
}
