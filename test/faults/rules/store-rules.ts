import type { Rules } from '../checker.js';
import { isAcked } from '../evidence.js';
import type { Attempt } from '../history.js';

/** What the rows must be: everything that was acked, once, numbered without a hole, and nothing else. */
export const STORE_RULES = {
  'an acked message is stored'({ acked, rows }) {
    return acked.filter(({ id }) => !rows.has(id)).map(({ id }) => `${id} was acked and is not stored`);
  },

  "an ack's numbers are the stored ones"({ acked, rows }) {
    return acked.flatMap(({ id, outcome }) =>
      (rows.get(id) ?? [])
        .filter(({ seq, rev }) => seq !== outcome.seq || rev !== outcome.rev)
        .map(({ seq, rev }) => `${id} was acked as ${outcome.seq}/${outcome.rev} and is stored as ${seq}/${rev}`),
    );
  },

  'an id is stored once'({ rows }) {
    return [...rows]
      .filter(([, stored]) => stored.length > 1)
      .map(([id, { length }]) => `${id} is stored ${length} times`);
  },

  'one text is stored once'({ store }) {
    // Every text of the driver is different, so a message that came back under another id shows.
    const seen = new Map<string, string>();
    return store.messages.flatMap(({ text, id }) => {
      if (text === null) return [];
      const other = seen.get(text);
      seen.set(text, id);
      return other ? [`${other} and ${id} are the same message`] : [];
    });
  },

  'an id is acked as new once'({ attempts }) {
    return [...attempts].flatMap(([id, tries]) => {
      const fresh = tries.filter((attempt) => isAcked(attempt) && !attempt.outcome.duplicate);
      return fresh.length > 1 ? [`${id} was acked as new ${fresh.length} times`] : [];
    });
  },

  'seq is 1, 2, 3 … without a hole'({ log }) {
    return [...log].flatMap(([roomId, rows]) =>
      holes(
        roomId,
        rows.flatMap(({ seq }) => seq ?? []),
      ),
    );
  },

  'rev is 1, 2, 3 … without a hole'({ log }) {
    return [...log].flatMap(([roomId, rows]) =>
      holes(
        roomId,
        rows.map(({ rev }) => rev),
      ),
    );
  },

  'heads are the last numbers'({ log, room }) {
    return [...log].flatMap(([roomId, rows]) => {
      const head = room.get(roomId);
      const seq = rows.findLast((row) => row.seq !== null)?.seq ?? 0;
      const rev = rows.at(-1)?.rev ?? 0;
      return head?.headRev === rev && head.headSeq === seq
        ? []
        : [`${roomId} stands at ${head?.headSeq}/${head?.headRev} and ends at ${seq}/${rev}`];
    });
  },

  'nothing is stored that nobody sent'({ store, attempts }) {
    return store.messages
      .filter(({ kind }) => kind === 'text')
      .filter((row) => !attempts.get(row.id)?.some((sent) => isSame(sent, row)))
      .map(({ id }) => `${id} is stored and was not sent so`);
  },

  'what was refused for certain is not stored'({ attempts, rows }) {
    // A repeat that is answered with what is stored says that some attempt before it had stored it.
    return [...attempts]
      .filter(([id, tries]) => rows.has(id) && !tries.some(mayHaveStored))
      .map(([id]) => `${id} was refused and is stored`);
  },
} satisfies Rules;

const isSame = (
  sent: { userId: string; roomId: string; text: string },
  row: { senderId: string | null; roomId: string; text: string | null },
): boolean => sent.userId === row.senderId && sent.roomId === row.roomId && sent.text === row.text;

/** Every code but these two means that nothing was stored (P7). */
function mayHaveStored({ outcome }: Attempt): boolean {
  if (outcome?.kind === 'acked') return !outcome.duplicate;
  return outcome === null || outcome.code === 'TIMEOUT' || outcome.code === 'INTERNAL';
}

function holes(roomId: string, numbers: readonly number[]): string[] {
  return numbers
    .flatMap((number, i) => (number === i + 1 ? [] : [`${roomId} has ${number} in place of ${i + 1}`]))
    .slice(0, 1);
}
