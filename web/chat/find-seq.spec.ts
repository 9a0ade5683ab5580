import { array, assert, asyncProperty, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryAsk } from '../../sdk/rest-asks.js';
import type { MessageView } from '../../src/protocol/views.js';
import { findSeq } from './find-seq.js';

describe('findSeq', () => {
  it('finds every message by its seq, whatever notices and changes lie between, in few looks', async () => {
    const gaps = array(nat(30), { minLength: 1, maxLength: 60 });
    await assert(
      asyncProperty(gaps, nat(), async (between, pick) => {
        let rev = 0;
        const log = between.flatMap((gap, index) => {
          // Half of what lies between has rows of its own (notices), the rest are changes of messages.
          const notices = Array.from({ length: gap }, (_, at) => ({
            id: `n${rev + at}`,
            rev: rev + at + 1,
            seq: null,
          }));
          rev += gap + 1;
          return [...notices.filter((_, at) => at % 2 === 0), { id: `m${index + 1}`, rev, seq: index + 1 }];
        }) as unknown as MessageView[];
        let looks = 0;
        const history = async ({ after = 0, cursor, limit = 0 }: HistoryAsk) => {
          looks++;
          const left = log.filter((message) => message.rev > (cursor === undefined ? after : Number(cursor)));
          const items = left.slice(0, limit);
          return { items, next: left.length > limit ? String(items.at(-1)?.rev) : null };
        };
        const seq = 1 + (pick % between.length);
        expect((await findSeq(history, seq, { low: seq, high: rev + 1 }))?.seq).toBe(seq);
        expect(looks).toBeLessThan(30);
      }),
    );
  });
});
