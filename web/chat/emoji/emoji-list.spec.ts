import { describe, expect, it } from 'vitest';
import { loadEmoji, searchEmoji } from './emoji-list.js';

describe('emoji', () => {
  it('are found by their English names, and by what they are about', async () => {
    const list = await loadEmoji('en');
    expect(searchEmoji(list, 'grinning face')[0]?.sign).toBe('😀');
    expect(searchEmoji(list, ':thumbs_up')[0]?.sign).toBe('👍️');
    expect(searchEmoji(list, 'party').map(({ sign }) => sign)).toContain('🎉');
    expect(searchEmoji(list, 'no such thing')).toEqual([]);
  });

  it('are found by Chinese and by English names in Chinese', async () => {
    const list = await loadEmoji('zh');
    expect(searchEmoji(list, '生日蛋糕')[0]?.sign).toBe('🎂');
    expect(searchEmoji(list, 'birthday cake')[0]?.sign).toBe('🎂');
  });

  it('are whole: no parts of others among them', async () => {
    const list = await loadEmoji('en');
    expect(list.length).toBeGreaterThan(1500);
    expect(list.some(({ sign }) => sign === '🏻' || sign === '🇦')).toBe(false);
  });
});
