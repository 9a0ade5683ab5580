import { ParleyError } from '../../sdk/errors.js';
import { defineTexts } from '../i18n/texts.js';
import { locale } from '../i18n/locale.js';

/** Chinese for what the server refuses; its own English is shown as it is. */
const t = defineTexts(
  { OFFLINE: 'The server cannot be reached.', other: 'Something went wrong.' },
  { OFFLINE: '无法连接到服务器。', other: '出错了。' },
);

/** What to tell a person of a refusal, in his language. */
export function faultText(error: unknown): string {
  if (!(error instanceof ParleyError)) return t('other');
  if (error.code === 'OFFLINE') return t('OFFLINE');
  const { fields } = error;
  if (locale.value === 'en' && fields.length > 0)
    return fields.map(({ path, message }) => `${path} ${message}`).join('; ');
  return error.message;
}
