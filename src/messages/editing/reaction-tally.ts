import { ChatError } from '../../common/chat-error.js';
import type { ReactionView } from '../../protocol/message-views.js';

/** That a user has reacted with an emoji, or has not. */
export interface ReactionWish {
  readonly userId: string;
  readonly emoji: string;
  readonly added: boolean;
}

type Count = Pick<ReactionView, 'emoji' | 'count'>;
type Own = Pick<ReactionWish, 'userId' | 'emoji'>;

const keyOf = ({ userId, emoji }: Own): string => `${userId} ${emoji}`;

/** How the reactions to one message stand, while some change. */
export class ReactionTally {
  /** What has become otherwise, in order. */
  readonly changes: ReactionWish[] = [];
  private readonly byEmoji: Map<string, number>;
  private readonly before: ReadonlyMap<string, Own>;
  private readonly now: Map<string, Own>;

  /**
   * @param counts as they are, in the order in which each emoji came first
   * @param own what those who wish for something have
   * @param mostKinds different emoji that one message may have
   */
  constructor(
    counts: readonly Count[],
    own: readonly Own[],
    private readonly mostKinds: number,
  ) {
    this.byEmoji = new Map(counts.map(({ emoji, count }) => [emoji, count]));
    this.before = new Map(own.map((one) => [keyOf(one), one]));
    this.now = new Map(this.before);
  }

  /** Makes it as wished; what is so already changes nothing. Returns the refusal of one kind too many. */
  apply(wish: ReactionWish): ChatError | null {
    const { userId, emoji, added } = wish;
    const key = keyOf(wish);
    if (this.now.has(key) === added) return null;
    if (added && !this.byEmoji.has(emoji) && this.byEmoji.size >= this.mostKinds) {
      return new ChatError('QUOTA_EXCEEDED', { detail: 'A message has only so many different reactions.' });
    }
    if (added) this.now.set(key, { userId, emoji });
    else this.now.delete(key);
    this.count(emoji, added ? 1 : -1);
    this.changes.push({ userId, emoji, added });
    return null;
  }

  get counts(): readonly Count[] {
    return [...this.byEmoji].map(([emoji, count]) => ({ emoji, count }));
  }

  /** Rows that are there now and were not before. */
  get added(): readonly Own[] {
    return [...this.now].flatMap(([key, own]) => (this.before.has(key) ? [] : [own]));
  }

  /** Rows that were there before and are not now. */
  get removed(): readonly Own[] {
    return [...this.before].flatMap(([key, own]) => (this.now.has(key) ? [] : [own]));
  }

  private count(emoji: string, step: 1 | -1): void {
    const count = (this.byEmoji.get(emoji) ?? 0) + step;
    if (count > 0) this.byEmoji.set(emoji, count);
    else this.byEmoji.delete(emoji);
  }
}
