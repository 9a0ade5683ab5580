/** Sends that are remembered at most, in 256 KiB: as many as 16 bits can name. */
const SLOTS = 65_536;
/** Characters at the end of a ULID that are random. */
const RANDOM = 16;

/**
 * Which sends this node may have stored lately, so that a client that repeats itself is looked up before the flush, and
 * does not make it roll back. Neither answer is sure: a newer send may have taken the place of an older one, and one in
 * four thousand million is taken for another.
 *
 * Prints of ids in place of a `Map` of answers: a large map is seldom in the cache, and looking things up in maps was 3 %
 * of the server's time on the message path, half of it here (measured).
 */
export class RecentSends {
  private readonly prints = new Uint32Array(SLOTS);

  has(id: string): boolean {
    const { slot, print } = placeOf(id);
    return this.prints[slot] === print;
  }

  add(id: string): void {
    const { slot, print } = placeOf(id);
    this.prints[slot] = print;
  }
}

/** Two numbers that say nothing of each other: one picks the slot, the other is what is kept in it. */
function placeOf(id: string): { readonly slot: number; readonly print: number } {
  let [spread, print] = [0, 0];
  for (let at = id.length - RANDOM; at < id.length; at++) {
    const code = id.charCodeAt(at);
    // The multipliers of Knuth's multiplicative hashing and of FNV-1; the upper bits of the first depend on every character.
    spread = Math.imul(spread ^ code, 0x9e3779b1);
    print = Math.imul(print, 0x01000193) ^ code;
  }
  return { slot: spread >>> 16, print: print >>> 0 };
}
