import type { PresenceState } from '../../src/protocol/views.js';
import { client } from '../app/client.js';

interface AvatarProps {
  /** The picture's address from a view; a room without one shows the first letter of its name. */
  readonly url: string | null;
  readonly name: string;
  /** In CSS pixels. */
  readonly size?: number;
  /** Shown as a dot. */
  readonly state?: PresenceState;
}

/** The picture of a user or room. It stands beside the name, so it says nothing of its own to screen readers. */
export function Avatar({ url, name, size = 40, state }: AvatarProps) {
  const big = size > 64 ? 256 : 64;
  return (
    <span class="avatar" style={{ width: `${size}px`, height: `${size}px`, fontSize: `${size * 0.42}px` }}>
      {url ? (
        <img
          src={client.rest.pictureUrl(url, big)}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          draggable={false}
        />
      ) : (
        <span class="letter" aria-hidden="true" data-hue={hueOf(name)}>
          {firstLetter(name)}
        </span>
      )}
      {state && state !== 'offline' && state !== 'invisible' && <span class={`dot ${state}`} />}
    </span>
  );
}

/** What the reader sees as the first letter, whatever it is made of. */
function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? '?';
}

/** One of twelve colours, always the same for a name. */
function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % 12;
}
