import type { FieldError } from '../../src/protocol/errors.js';
import { defineTexts } from '../i18n/texts.js';
import { locale } from '../i18n/locale.js';

/** Fields as the forms of the page call them. */
const NAMES: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  username: { en: 'User name', zh: '用户名' },
  password: { en: 'Password', zh: '密码' },
  currentPassword: { en: 'Present password', zh: '当前密码' },
  newPassword: { en: 'New password', zh: '新密码' },
  displayName: { en: 'Name', zh: '名称' },
  email: { en: 'E-mail', zh: '邮箱' },
  bio: { en: 'About me', zh: '个人简介' },
  name: { en: 'Name', zh: '名称' },
  topic: { en: 'Topic', zh: '主题' },
  alias: { en: 'Own name for it', zh: '备注名' },
  message: { en: 'Note', zh: '附言' },
  text: { en: 'Text', zh: '文字' },
  query: { en: 'Search', zh: '搜索' },
  q: { en: 'Search', zh: '搜索' },
  file: { en: 'File', zh: '文件' },
  status: { en: 'Status', zh: '状态' },
  expiresAt: { en: 'End', zh: '结束时间' },
  reason: { en: 'Reason', zh: '原因' },
};

const t = defineTexts(
  {
    // The server says it in English itself.
    other: '{message}',
    text: '{message}',
    short: '{message}',
    common: '{message}',
    username: '{message}',
    reserved: '{message}',
    email: '{message}',
    limit: '{message}',
    future: '{message}',
    search: '{message}',
  },
  {
    other: '填写不正确',
    text: '长度应为 {min} 到 {max} 个字符',
    short: '至少需要 {min} 个字符',
    common: '太常见，容易被猜到',
    username: '应为 3 到 32 个同一种文字的字母、数字、点、下划线或连字符',
    reserved: '已被保留，或与保留名称太相似',
    email: '不是有效的邮箱地址',
    limit: '不能超过 {min}',
    future: '必须是将来的时间',
    search: '请至少包含一个词，或相邻的两个汉字',
  },
);
type Known = Parameters<typeof t>[0];
const KNOWN: readonly string[] = [
  'text',
  'short',
  'common',
  'username',
  'reserved',
  'email',
  'limit',
  'future',
  'search',
];

/** What is wrong with one field, as a sentence. */
export function fieldText({ path, code, message }: FieldError): string {
  const field = path.split('.').at(-1) ?? path;
  const name = NAMES[field]?.[locale.value] ?? field;
  const [min = '', max = ''] = message.match(/\d+/g) ?? [];
  const fault = t((KNOWN.includes(code) ? code : 'other') as Known, { message, min, max });
  return locale.value === 'zh' ? `${name}${fault}。` : `${name} ${fault}.`;
}
