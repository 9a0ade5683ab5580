import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { clockOf } from '../../i18n/times.js';
import type { Row } from './row.js';
import { noticeText } from './notice-text.js';
import { senderIdOf, timeOf } from './row-facts.js';
import { senderName } from './sender-name.js';

const t = defineTexts(
  {
    you: 'You',
    deleted: 'deleted message',
    files: { one: 'a file', other: '{count} files' },
    edited: 'edited',
    comma: ', ',
  },
  { you: '您', deleted: '已删除的消息', files: '{count} 个文件', edited: '已编辑', comma: '，' },
);

const MOST_CHARACTERS = 300;

/** A row in one sentence, for who cannot see it. */
export function labelOf(row: Row): string {
  if (row.kind === 'notice') return noticeText(row);
  const sender = senderIdOf(row);
  const name = sender === client.user?.id ? t('you') : senderName(sender);
  return [name, clockOf(timeOf(row)), bodyOf(row)].filter(Boolean).join(t('comma'));
}

function bodyOf(row: Exclude<Row, { kind: 'notice' }>): string {
  if (row.kind === 'pending') return row.pending.text.slice(0, MOST_CHARACTERS);
  if (row.deletedAt !== null) return t('deleted');
  const { attachments, editedAt } = row;
  const files = attachments.length > 0 ? t('files', { count: attachments.length }) : '';
  const text = row.text?.slice(0, MOST_CHARACTERS) ?? '';
  return [text, files, editedAt ? t('edited') : ''].filter(Boolean).join(t('comma'));
}
