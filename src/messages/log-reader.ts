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

  /** At most `limit` entries, ascending by rev: all that there are up to the last one's. */
  async read(stretch: Bounded, limit: number): Promise<LogEntry[]> {
    const created = (await this.queries.oldest(stretch, limit)).map(toCreated);
    const changed = await this.changed(stretch, limit);
    return changed.length === 0 ? created : [...created, ...changed].sort((a, b) => a.rev - b.rev).slice(0, limit);
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
