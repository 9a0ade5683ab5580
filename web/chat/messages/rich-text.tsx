import { client } from '../../app/client.js';
import { userOf } from '../../app/names.js';
import { type MentionName, type TextPart, textParts } from './text-parts.js';

/** What speaks to everybody, in the languages of the page. */
export const ALL_NAMES = ['all', '所有人', 'everybody'] as const;

/** A text with its links, code and mentions. It is never HTML. */
export function RichText({ text, mentions }: { readonly text: string; readonly mentions: readonly string[] }) {
  return <>{textParts(text, mentions.flatMap(namesOf)).map((part, at) => partOf(part, at))}</>;
}

function namesOf(id: string): readonly MentionName[] {
  if (id === 'all') return ALL_NAMES.map((name) => ({ name, isMe: true }));
  const user = userOf(id);
  const isMe = id === client.user?.id;
  return user ? [...new Set([user.displayName, user.username])].map((name) => ({ name, isMe })) : [];
}

function partOf({ kind, text, href, isMe }: TextPart, at: number) {
  switch (kind) {
    case 'link':
      return (
        <a key={at} href={href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
          {text}
        </a>
      );
    case 'code':
      return <code key={at}>{text}</code>;
    case 'block':
      return (
        <code key={at} class="block" dir="ltr" tabIndex={-1}>
          {text}
        </code>
      );
    case 'mention':
      return (
        <span key={at} class={isMe ? 'mention me' : 'mention'}>
          {text}
        </span>
      );
    case 'text':
      return text;
  }
}
