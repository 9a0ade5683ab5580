/** A piece of a message's text, as it is shown. */
export interface TextPart {
  readonly kind: 'text' | 'link' | 'code' | 'block' | 'mention';
  readonly text: string;
  /** Of links. */
  readonly href?: string;
  /** Of mentions: of the reader himself, or of everybody. */
  readonly isMe?: boolean;
}

/** Somebody who is spoken to: what stands behind the @. */
export interface MentionName {
  readonly name: string;
  readonly isMe: boolean;
}

const BLOCK = /```(?:[\w+#.-]*\n)?([\s\S]*?)```/g;
const CODE = /`([^`\n]+)`/g;
/**
 * Chinese text goes on behind an address without a space, so its characters end one. Marks that turn the direction of
 * writing end it too: they could make it read as another.
 */
const LINK = /\bhttps?:\/\/[^\s<>"`\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gi;
const MOST_BIG = 6;

/** Cuts a text into what is shown each in its way. Together the parts say what the text says; nothing becomes HTML. */
export function textParts(text: string, mentions: readonly MentionName[] = []): readonly TextPart[] {
  return cut(text, BLOCK, asBlock).flatMap((part) =>
    part.kind === 'text' ? inlineParts(part.text, mentions) : [part],
  );
}

/** Whether a text is nothing but a few emoji, which are shown big. */
export function isBigEmoji(text: string): boolean {
  const bare = text.replace(/\s/g, '');
  if (bare === '' || bare.length > MOST_BIG * 16) return false;
  const signs = [...new Intl.Segmenter().segment(bare)];
  return signs.length <= MOST_BIG && signs.every(({ segment }) => isEmoji(segment));
}

const isEmoji = (sign: string): boolean =>
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|^[\d#*]\ufe0f?\u20e3$/u.test(sign);

/** The first part of a long text: up to `most` characters or lines. The same text where it is not longer. */
export function foldedText(text: string, most: { readonly characters: number; readonly lines: number }): string {
  const lines = text.split('\n', most.lines + 1);
  const few = lines.length > most.lines ? lines.slice(0, most.lines).join('\n') : text;
  const start = few.length <= most.characters * 1.2 ? few : beginningOf(few, most.characters);
  if (start === text) return text;
  // A block of code that was cut off is still one, and empty lines are not worth the space.
  const isOpen = start.split('```').length % 2 === 0;
  return isOpen ? `${start}\n\`\`\`` : start.trimEnd();
}

function beginningOf(text: string, characters: number): string {
  const start = Array.from(text.slice(0, characters * 2))
    .slice(0, characters)
    .join('');
  const space = start.lastIndexOf(' ');
  return space > start.length - 60 ? start.slice(0, space) : start;
}

function inlineParts(text: string, mentions: readonly MentionName[]): readonly TextPart[] {
  const pattern = mentionPattern(mentions);
  return cut(text, CODE, asCode)
    .flatMap((part) => (part.kind === 'text' ? cut(part.text, LINK, asLink) : [part]))
    .flatMap((part) => {
      if (part.kind !== 'text' || !pattern) return [part];
      return cut(part.text, pattern, (match) => asMention(match, mentions));
    });
}

const asBlock = (match: RegExpExecArray): readonly TextPart[] => [
  { kind: 'block', text: (match[1] ?? '').replace(/\n$/, '') },
];
const asCode = (match: RegExpExecArray): readonly TextPart[] => [{ kind: 'code', text: match[1] ?? '' }];

/** What ends a sentence does not belong to the address, nor does a bracket that was opened before it. */
function asLink([found]: RegExpExecArray): readonly TextPart[] {
  let address = found.replace(/[.,;:!?'*_~]+$/, '');
  while (/[)\]}]$/.test(address) && !isBalanced(address)) address = address.slice(0, -1).replace(/[.,;:!?'*_~]+$/, '');
  const rest = found.slice(address.length);
  if (!URL.canParse(address)) return [{ kind: 'text', text: found }];
  const link: TextPart = { kind: 'link', text: address, href: new URL(address).href };
  return rest === '' ? [link] : [link, { kind: 'text', text: rest }];
}

const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function isBalanced(address: string): boolean {
  const last = address.slice(-1);
  return address.split(PAIRS[last] ?? '').length >= address.split(last).length;
}

function mentionPattern(mentions: readonly MentionName[]): RegExp | null {
  if (mentions.length === 0) return null;
  // The longest first: "Ann" must not take the beginning of "Ann Lee".
  const names = mentions.map(({ name }) => name).sort((a, b) => b.length - a.length);
  return new RegExp(`@(?:${names.map(escaped).join('|')})`, 'giu');
}

const escaped = (name: string): string => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function asMention([found]: RegExpExecArray, mentions: readonly MentionName[]): readonly TextPart[] {
  const name = found.slice(1).toLowerCase();
  return [{ kind: 'mention', text: found, isMe: mentions.some((one) => one.isMe && one.name.toLowerCase() === name) }];
}

function cut(
  text: string,
  pattern: RegExp,
  toParts: (match: RegExpExecArray) => readonly TextPart[],
): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push(...toParts(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
