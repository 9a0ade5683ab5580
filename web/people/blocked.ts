import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';

const t = defineTexts({ blocked: 'Message of somebody you have blocked' }, { blocked: '来自您已屏蔽的用户的消息' });

/** Whether the reader has blocked this user. Whoever asks while drawing is drawn again when that changes. */
export function isBlocked(userId: string | null): boolean {
  follow('people');
  return userId !== null && client.people.blocks.has(userId);
}

/** What stands in the place of a blocked user's words. */
export const blockedText = (): string => t('blocked');
