import { Injectable } from '@nestjs/common';
import type { DurableEvent, MessageChangeEvent } from '../protocol/events.js';
import type { ShownMessage } from '../rooms/message.view.js';
import { type Bounded, MessageQueries } from './message.queries.js';

/** What is to be told of one rev: a message as it is now, and what happened to it. */
export interface LogEntry {
  readonly rev: number;
  readonly event: DurableEvent;
  readonly message: ShownMessage;
}

/** Entries, ascending by rev: all that there are up to `toRev`. */
export interface LogPart {
  readonly entries: readonly LogEntry[];
  readonly toRev: number;
}

/**
 * Bytes of text that are read at once: SQLite reads in the event loop, which 500 of the longest messages would hold up for
 * a quarter of a second; and a page of long messages stays far below a socket's queue.
 */
const TEXT_BUDGET = 300_000;
/** Revs that are read without asking how long their texts are: they have at most half a megabyte. */
const FEW = 8;

/**
 * What a room went through after a rev: its new messages and notices, and the older messages that changed, merged by
 * rev. Each has its present state, so of a new message that changed since, there is one entry, at its creation; a rev
 * that holds nothing any more has none.
 *
 * The stretch must end at a head that was read before: of what is committed between its two reads, one sees the later and
 * misses the earlier.
 */
@Injectable()
export class LogReader {
  constructor(private readonly queries: MessageQueries) {}

  /** At most `limit` entries of the stretch, and fewer of long messages, but one where there is any. */
  async read(whole: Bounded, limit: number): Promise<LogPart> {
    const stretch = { ...whole, before: await this.readableEnd(whole, limit) };
    const created = (await this.queries.oldest(stretch, limit)).map(toCreated);
    const changed = await this.changed(stretch, limit);
    const entries = changed.length === 0 ? created : [...created, ...changed].sort((a, b) => a.rev - b.rev);
    if (entries.length < limit) return { entries, toRev: stretch.before - 1 };
    return { entries: entries.slice(0, limit), toRev: entries[limit - 1].rev };
  }

  /** The end of the stretch, or a rev before it up to which there is not too much text. */
  private async readableEnd(stretch: Bounded, limit: number): Promise<number> {
    const { after, before } = stretch;
    if (before - after - 1 <= FEW || (await this.queries.textBytes(stretch)) <= TEXT_BUDGET) return before;
    let left = TEXT_BUDGET;
    const sizes = await this.queries.sizes(stretch, limit);
    const end = sizes.findIndex(({ bytes }, index) => (left -= Number(bytes ?? 0)) < 0 && index > 0);
    return end === -1 ? before : Number(sizes[end].rev);
  }

  private async changed(stretch: Bounded, limit: number): Promise<LogEntry[]> {
    const changes = await this.queries.changesOfOlder(stretch, limit);
    if (changes.length === 0) return [];
    const revs = changes.map(({ messageRev }) => Number(messageRev));
    const messages = new Map((await this.queries.atRevs(stretch.roomId, revs)).map((row) => [row.rev, row]));
    return changes.flatMap(({ rev, messageRev, event }) => {
      const message = messages.get(Number(messageRev));
      return message ? [{ rev: Number(rev), event: toldAs(event), message }] : [];
    });
  }
}

/** The entry of a message where it was created. */
export const toCreated = (message: ShownMessage): LogEntry => ({
  rev: message.rev,
  event: message.kind === 'text' ? 'message.created' : (message.payload?.type as DurableEvent),
  message,
});

/** Who reads it later is shown the whole message, since he may have missed more than this reaction. */
const toldAs = (event: MessageChangeEvent): DurableEvent => (event === 'message.reacted' ? 'message.edited' : event);
