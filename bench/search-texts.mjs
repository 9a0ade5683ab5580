// Made texts of a chat: words by Zipf's law, half of them English in their look, half Chinese, of lengths as people write.

/** Numbers that look random and are the same in every run. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Draws ranks from 0 on, the n-th as often as 1 / (n + 2.7), as Mandelbrot found it for words. */
export function zipf(count, random) {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = sum += 1 / (rank + 2.7) ** 1.05;
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const SYLLABLES = 'ba ko ri ten ma lo su ne pa der gi fo an el ist or ve shu cra ty'.split(' ');

function english(count, random) {
  const words = new Set();
  while (words.size < count) {
    // Frequent words are short.
    const syllables = 1 + Math.floor(random() * (words.size < 150 ? 2 : 4));
    words.add(Array.from({ length: syllables }, () => SYLLABLES[Math.floor(random() * 20)]).join(''));
  }
  return [...words];
}

function chinese(count, random) {
  const sign = zipf(3500, random);
  const words = new Set();
  while (words.size < count) {
    const length = words.size < 60 ? 1 : random() < 0.75 ? 2 : 3;
    words.add(Array.from({ length }, () => String.fromCodePoint(0x4e00 + ((sign() * 5) % 20_000))).join(''));
  }
  return [...words];
}

const random = randomOf(1);
/** By rank: the most frequent first. */
export const ENGLISH = english(30_000, random);
export const CHINESE = chinese(20_000, random);

/** A source of texts: `next()` gives one after the other. */
export function textSource(seed) {
  const own = randomOf(seed);
  const [en, zh] = [zipf(ENGLISH.length, own), zipf(CHINESE.length, own)];
  // Between one word and some sixty, half of them below nine.
  const length = () => Math.max(1, Math.round(Math.exp(2.1 + 1.2 * (own() + own() + own() + own() - 2))));
  const sentence = () => Array.from({ length: length() }, () => ENGLISH[en()]).join(' ');
  const line = () => Array.from({ length: length() }, () => CHINESE[zh()] + (own() < 0.12 ? '，' : '')).join('');
  return { next: () => (own() < 0.5 ? `${sentence()}.` : `${line()}。`) };
}
