/** One emoji as Unicode recommends it for general interchange (UTS #51), and nothing around it. */
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
/** Says that a character is meant as a picture; many keyboards leave it out. */
const AS_PICTURE = '\ufe0f';

/** The emoji in the one form that counts as the same; null for anything that is not one emoji. */
export function emojiOf(text: string): string | null {
  if (EMOJI.test(text)) return text;
  const pictured = text + AS_PICTURE;
  return EMOJI.test(pictured) ? pictured : null;
}
