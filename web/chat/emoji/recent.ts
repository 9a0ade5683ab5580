const KEY = 'parley.emoji';
const MOST = 24;

/** Those that a message is answered with most. */
export const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '🙏'] as const;

/** The emoji used last on this browser, the newest first. */
export function recentEmoji(): readonly string[] {
  const kept = localStorage.getItem(KEY);
  return kept ? kept.split(' ') : QUICK;
}

export function keepRecent(emoji: string): void {
  const others = recentEmoji().filter((one) => one !== emoji);
  localStorage.setItem(KEY, [emoji, ...others].slice(0, MOST).join(' '));
}
