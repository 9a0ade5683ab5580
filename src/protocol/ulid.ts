const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether the text is a ULID in its one canonical form (upper case). */
export const isUlid = (text: unknown): text is string => typeof text === 'string' && PATTERN.test(text);

/**
 * Makes a source of ULIDs (https://github.com/ulid/spec) that rise strictly within one process, also inside one
 * millisecond and when the clock steps back.
 *
 * @param now epoch milliseconds
 * @param random fills bytes with strong randomness
 */
export function ulidSource(now: () => number, random: (bytes: Uint8Array) => void): () => string {
  let lastTime = -1;
  const digits = new Uint8Array(16);
  return () => {
    const time = Math.max(now(), lastTime);
    if (time > lastTime || !increment(digits)) {
      random(digits);
      for (let i = 0; i < digits.length; i++) digits[i] &= 31;
      // Room to count up within one millisecond.
      digits[0] &= 15;
    }
    lastTime = time;
    return encodeTime(time) + encodeDigits(digits);
  };
}

function increment(digits: Uint8Array): boolean {
  for (let i = digits.length - 1; i >= 0; i--) {
    if (digits[i] < 31) {
      digits[i]++;
      return true;
    }
    digits[i] = 0;
  }
  return false;
}

/** The first ten characters of a ULID, which sort by its time in epoch milliseconds. */
export function encodeTime(time: number): string {
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[time % 32] + text;
    time = Math.floor(time / 32);
  }
  return text;
}

function encodeDigits(digits: Uint8Array): string {
  let text = '';
  for (const digit of digits) text += ALPHABET[digit];
  return text;
}
