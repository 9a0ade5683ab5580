import type { HistoryAsk } from '../../sdk/rest-asks.js';
import type { MessageView, Page } from '../../src/protocol/views.js';

type History = (ask: HistoryAsk) => Promise<Page<MessageView>>;

/**
 * Finds the first message with a seq or a later one. History is asked for by rev, and revs rise with seqs, so a few looks
 * in the middle find the place.
 *
 * @param between revs: the message is at or above the low one, and below the high one
 */
export async function findSeq(
  history: History,
  seq: number,
  between: { readonly low: number; readonly high: number },
): Promise<MessageView | null> {
  let { low, high } = between;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const first = await firstWritten(history, middle);
    if (first?.seq === seq) return first;
    if (first?.seq && first.seq < seq) low = first.rev + 1;
    else high = middle;
  }
  return firstWritten(history, low);
}

/** The first message at or above a rev that somebody wrote; notices may come before it. */
async function firstWritten(history: History, rev: number): Promise<MessageView | null> {
  let page = await history({ after: rev - 1, limit: 10 });
  for (;;) {
    const first = page.items.find((message) => message.seq !== null);
    if (first) return first;
    if (page.next === null) return null;
    page = await history({ cursor: page.next, limit: 100 });
  }
}
