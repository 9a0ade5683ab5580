import { client } from '../../app/client.js';
import { follow } from '../../app/live.js';
import { defineTexts } from '../../i18n/texts.js';
import { isBlocked } from '../../people/blocked.js';
import { senderName } from './sender-name.js';

const t = defineTexts(
  { one: '{a} is writing…', two: '{a} and {b} are writing…', many: 'Several people are writing…' },
  { one: '{a} 正在输入…', two: '{a} 和 {b} 正在输入…', many: '多人正在输入…' },
);

/** Who is writing. Its place is kept when nobody is. */
export function TypingLine({ roomId }: { readonly roomId: string }) {
  follow(`typing:${roomId}`);
  const others = client.typing.in(roomId).filter((userId) => userId !== client.user?.id && !isBlocked(userId));
  const [a = '', b = ''] = others.slice(0, 2).map(senderName);
  const text =
    others.length === 0 ? '' : t(others.length === 1 ? 'one' : others.length === 2 ? 'two' : 'many', { a, b });
  return (
    <p class="typing-line" aria-live="off">
      {text && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {text}
        </>
      )}
    </p>
  );
}
