import { defineTexts } from './texts.js';
import { locale } from './locale.js';

const t = defineTexts({ today: 'Today', yesterday: 'Yesterday' }, { today: '今天', yesterday: '昨天' });

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than all its uses. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale.value + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en', options)));
  return made;
}

/** Hours and minutes: `14:05`. */
export const clockOf = (time: string): string =>
  format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(time));

/** Day and time in full, for a tooltip. */
export const momentOf = (time: string): string =>
  format({ dateStyle: 'full', timeStyle: 'short' }).format(new Date(time));

/** The day of a time in the reader's zone, as a key: equal on the same day. */
export const dayKeyOf = (time: string): string => new Date(time).toDateString();

/** `Today`, `Yesterday`, or the date with its weekday. */
export function dayOf(time: string): string {
  const days = daysAgo(time);
  if (days === 0) return t('today');
  if (days === 1) return t('yesterday');
  const isThisYear = new Date(time).getFullYear() === new Date().getFullYear();
  return format({ weekday: 'long', day: 'numeric', month: 'long', year: isThisYear ? undefined : 'numeric' }).format(
    new Date(time),
  );
}

/** As short as it is clear: the time of today, else yesterday, a weekday, or the date. For lists. */
export function shortTimeOf(time: string): string {
  const days = daysAgo(time);
  if (days <= 0) return clockOf(time);
  if (days === 1) return t('yesterday');
  if (days < 7) return format({ weekday: 'short' }).format(new Date(time));
  return format({ day: 'numeric', month: 'numeric', year: '2-digit' }).format(new Date(time));
}

/** Days between that one and today, by the calendar; a day of summer time has 23 or 25 hours. */
function daysAgo(time: string): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(new Date()) - midnight(new Date(time))) / DAY_MS);
}
