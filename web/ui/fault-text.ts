import { ParleyError } from '../../sdk/errors.js';
import { locale } from '../i18n/locale.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf } from '../i18n/times.js';
import { codeText } from './fault-codes.js';
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

/** Chinese for what the server adds to a code in English. */
const DETAILS: Readonly<Record<string, string>> = {
  'The user name or the password is wrong.': '用户名或密码不正确。',
  'The present password is wrong.': '当前密码不正确。',
  'This account is suspended.': '该账号已被停用。',
  'Registration is closed.': '此服务器不开放注册。',
  'Guests are not let in.': '此服务器不接待访客。',
  'That user name is taken.': '该用户名已被占用。',
  'That e-mail address is taken.': '该邮箱已被使用。',
  'That e-mail address belongs to another account.': '该邮箱属于另一个账号。',
  'You are friends already.': '你们已经是好友了。',
  'Hand the room over to change this role.': '请先移交房间，再更改此角色。',
  'The room has too many invites; revoke some.': '邀请链接太多，请先撤销一些。',
  'Messages are not searched here.': '此服务器不提供消息搜索。',
  'Too many attachments wait to be sent; send or delete some.': '待发送的附件太多，请先发送或删除一些。',
  'A forwarded message cannot be edited.': '转发的消息不能编辑。',
  'As many messages are pinned here as may be.': '置顶的消息已达上限。',
};

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
