import { ParleyError } from '../../sdk/errors.js';
import { locale } from '../i18n/locale.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf } from '../i18n/times.js';
import { codeText } from './fault-codes.js';
import { DETAILS } from './fault-details.js';
import { fieldText } from './fault-fields.js';

const t = defineTexts(
  {
    other: 'Something went wrong.',
    seconds: { one: 'Try again in a second.', other: 'Try again in {count} seconds.' },
    minutes: { one: 'Try again in a minute.', other: 'Try again in {count} minutes.' },
    until: 'Until {time}.',
  },
  {
    other: '出错了。',
    seconds: '请在 {count} 秒后重试。',
    minutes: '请在 {count} 分钟后重试。',
    until: '直到 {time}。',
  },
);

/** What to tell a person of a refusal, in his language: what is wrong, and when to try again. */
export function faultText(error: unknown): string {
  if (!(error instanceof ParleyError)) return t('other');
  if (error.fields.length > 0) return error.fields.map((field) => fieldText(field)).join(' ');
  return [meaningOf(error), againOf(error)].filter(Boolean).join(locale.value === 'zh' ? '' : ' ');
}

function meaningOf({ code, problem }: ParleyError): string {
  const detail = problem?.detail;
  if (detail === undefined) return codeText(code);
  return locale.value === 'zh' ? (DETAILS[detail] ?? codeText(code)) : detail;
}

function againOf({ retryAfterMs, problem }: ParleyError): string {
  if (problem?.until) return t('until', { time: momentOf(problem.until) });
  if (retryAfterMs === null) return '';
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return seconds < 90 ? t('seconds', { count: seconds }) : t('minutes', { count: Math.ceil(seconds / 60) });
}
