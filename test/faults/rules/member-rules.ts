import type { Rules } from '../checker.js';
import { type Evidence, isAcked, placeOf } from '../evidence.js';
import type { Count } from '../history.js';

/** What belongs to members alone, and what they are told of their own. */
export const MEMBER_RULES = {
  'nothing reaches a removed member that was sent after his removal'(evidence) {
    return evidence.history.told.flatMap(({ device, roomId, message, at }) => {
      const absence = message && evidence.absenceAt(device.userId, roomId, at);
      const sentAt = message && evidence.sentAt(message.id);
      return absence && sentAt && sentAt > absence.from ? [`${device.name} got ${message.id} after his removal`] : [];
    });
  },

  'nothing of a removed member is taken'(evidence) {
    const late = (attempt: { userId: string; roomId: string; at: number }) =>
      evidence.absenceAt(attempt.userId, attempt.roomId, attempt.at) !== undefined;
    const acked = evidence.acked.filter((attempt) => !attempt.outcome.duplicate && wholly(evidence, attempt));
    const stored = [...evidence.attempts].filter(
      ([id, tries]) => evidence.rows.has(id) && tries.every((attempt) => late(attempt) && wholly(evidence, attempt)),
    );
    return [
      ...acked.map(({ id }) => `${id} of a removed member was acked`),
      ...stored.map(([id]) => `${id} of a removed member is stored`),
    ];
  },

  'no page is shown after a removal'(evidence) {
    return evidence.history.looks
      .filter((look) => look.items !== null && wholly(evidence, look))
      .map(({ userId, roomId }) => `${userId} was shown ${roomId} after his removal`);
  },

  'unread lies between what is sure and what is possible'(evidence) {
    return evidence.history.counts.flatMap((count) => outside(evidence, count));
  },

  'a read mark only rises'(evidence) {
    const { marks } = evidence.history;
    return marks.flatMap(({ userId, roomId, at, readSeq }) => {
      const before = marks.filter(
        (mark) => mark.userId === userId && mark.roomId === roomId && (mark.endedAt ?? Infinity) < at,
      );
      const highest = Math.max(0, ...before.map((mark) => mark.readSeq ?? 0));
      return readSeq !== null && readSeq < highest
        ? [`${userId} had read ${highest} of ${roomId} and then ${readSeq}`]
        : [];
    });
  },
} satisfies Rules;

/** Whether all of it, from the question to the answer, lies in one absence. */
function wholly(
  evidence: Evidence,
  asked: { readonly userId: string; readonly roomId: string; readonly at: number; readonly endedAt: number | null },
): boolean {
  const absence = evidence.absenceAt(asked.userId, asked.roomId, asked.at);
  return absence !== undefined && (asked.endedAt ?? Infinity) < absence.to;
}

/** With nothing under way, what is sure and what is possible are the same number. */
function outside(evidence: Evidence, count: Count): string[] {
  // Who joins later has read what was before; only those who stayed are recounted.
  if (!evidence.wasAlwaysMember(count.userId, count.roomId)) return [];
  const head = headAround(evidence, count);
  const read = readAround(evidence, count);
  const [sure, possible] = [Math.max(0, head.sure - read.possible), head.possible - read.sure];
  if (count.unread >= sure && count.unread <= possible) return [];
  return [`${count.userId} was told ${count.unread} unread in ${count.roomId}, not ${sure} to ${possible}`];
}

interface Bounds {
  readonly sure: number;
  readonly possible: number;
}

function headAround({ attemptsIn, rows }: Evidence, count: Count): Bounds {
  const bounds = { sure: 0, possible: 0 };
  for (const sent of attemptsIn.get(count.roomId) ?? []) {
    const seq = rows.get(sent.id)?.[0].seq ?? 0;
    if (sent.at < count.endedAt) bounds.possible = Math.max(bounds.possible, seq);
    if (isAcked(sent) && sent.endedAt < count.at) bounds.sure = Math.max(bounds.sure, seq);
  }
  return bounds;
}

/** How far the user had read: by his marks, and by his own messages. */
function readAround({ history, attemptsIn, rows }: Evidence, count: Count): Bounds {
  const bounds = { sure: 0, possible: 0 };
  const note = (done: { readonly at: number; readonly endedAt: number | null }, sure: number, possible: number) => {
    if (done.at < count.endedAt) bounds.possible = Math.max(bounds.possible, possible);
    if (done.endedAt !== null && done.endedAt < count.at) bounds.sure = Math.max(bounds.sure, sure);
  };
  for (const mark of history.marks) {
    if (placeOf(mark) === placeOf(count)) note(mark, mark.readSeq ?? 0, mark.asked);
  }
  for (const sent of attemptsIn.get(count.roomId) ?? []) {
    const seq = rows.get(sent.id)?.[0].seq ?? 0;
    if (sent.userId === count.userId) note(sent, isAcked(sent) ? seq : 0, seq);
  }
  return bounds;
}
