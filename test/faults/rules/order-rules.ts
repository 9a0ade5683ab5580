import type { Rules } from '../checker.js';
import { type Evidence, isAcked } from '../evidence.js';
import type { StoredMessage } from '../store.js';

/** One order for everybody, and the order in which things really happened. */
export const ORDER_RULES = {
  'acked before another was sent stands before it'(evidence) {
    return [...evidence.log].flatMap(([roomId, rows]) => overtaken(evidence, roomId, rows));
  },

  'who sent a message sees it in his next page'(evidence) {
    const lastAcked = lastBefore(
      evidence.acked.map((sent) => ({ key: `${sent.roomId}:${sent.userId}`, at: sent.endedAt, rev: sent.outcome.rev })),
    );
    return evidence.history.looks.flatMap(({ userId, roomId, at, items }) => {
      if (!items) return [];
      const own = lastAcked(`${roomId}:${userId}`, at);
      const end = items.at(-1)?.rev ?? 0;
      return own > end ? [`${userId} was acked ${own} in ${roomId} and then saw it end at ${end}`] : [];
    });
  },

  'a later page never ends lower'({ history }) {
    const answered = history.looks.filter((look) => look.items !== null);
    const highest = lastBefore(
      answered.map((look) => ({ key: look.roomId, at: look.endedAt, rev: look.items?.at(-1)?.rev ?? 0 })),
    );
    return answered.flatMap(({ roomId, at, items }) => {
      const before = highest(roomId, at);
      const end = items?.at(-1)?.rev ?? 0;
      return before > end ? [`${roomId} ended at ${before} and later at ${end}`] : [];
    });
  },
} satisfies Rules;

/** A message that stands behind one that was sent only after its ack. */
function overtaken({ attempts }: Evidence, roomId: string, rows: readonly StoredMessage[]): string[] {
  const faults: string[] = [];
  let earliestAck = Infinity;
  for (const { id, rev } of rows.toReversed()) {
    const sent = attempts.get(id)?.[0].at ?? null;
    if (sent !== null && earliestAck < sent) faults.push(`${roomId} ${rev} was sent after a later one was acked`);
    for (const attempt of attempts.get(id) ?? [])
      if (isAcked(attempt)) earliestAck = Math.min(earliestAck, attempt.endedAt);
  }
  return faults;
}

/** For each key, the highest rev that was known before a time. */
function lastBefore(
  facts: readonly { readonly key: string; readonly at: number; readonly rev: number }[],
): (key: string, at: number) => number {
  const known = new Map<string, { at: number; rev: number }[]>();
  for (const { key, at, rev } of facts.toSorted((a, b) => a.at - b.at)) {
    const list = known.get(key) ?? [];
    known.set(key, list);
    list.push({ at, rev: Math.max(rev, list.at(-1)?.rev ?? 0) });
  }
  return (key, at) => {
    const list = known.get(key) ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle].at < at) low = middle + 1;
      else high = middle;
    }
    return list[low - 1]?.rev ?? 0;
  };
}
