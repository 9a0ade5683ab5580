import type { ReadAck, ReadRoom, SendMessage } from '../src/protocol/commands.js';
import type { IntegrityView, RevisionView } from '../src/protocol/message-views.js';
import type { SearchView } from '../src/protocol/search-views.js';
import type { ChangesView, MessageView, Page, ReceiptView, ReceiptsView } from '../src/protocol/views.js';
import type { PageAsk } from './page-ask.js';
import type { HistoryAsk, SearchAsk } from './rest-asks.js';
import type { RestCaller } from './rest-caller.js';

/** The REST calls of messages: the half of `RestApi` that is about what was said. */
export class MessagesRest {
  constructor(protected readonly caller: RestCaller) {}

  /** A page of history, ascending by rev; `prev` is null where nothing older lies below it. */
  messages(roomId: string, ask: HistoryAsk = {}): Promise<Page<MessageView>> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/messages`, query: { ...ask } });
  }

  /** One message. */
  message(id: string): Promise<MessageView> {
    return this.caller.send({ method: 'GET', path: `/messages/${id}` });
  }

  /** Stores a message once, without the outbox. `id` is a ULID: repeat a call that failed with the same one. */
  sendMessage(roomId: string, { id, ...draft }: Omit<SendMessage, 'roomId'>): Promise<MessageView> {
    return this.caller.send({ method: 'POST', path: `/rooms/${roomId}/messages`, body: { id, ...draft } });
  }

  /** Gives one's own message another text; `expectedRev` is the `lastRev` that is known here. */
  editMessage(id: string, edit: { readonly text: string; readonly expectedRev?: number }): Promise<MessageView> {
    return this.caller.send({ method: 'PATCH', path: `/messages/${id}`, body: edit });
  }

  /** Deletes a message for all. */
  deleteMessage(id: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/messages/${id}` });
  }

  /** Reacts to a message, or takes that back. */
  async react(id: string, emoji: string, added = true): Promise<void> {
    await this.caller.send({
      method: added ? 'PUT' : 'DELETE',
      path: `/messages/${id}/reactions/${encodeURIComponent(emoji)}`,
    });
  }

  /** Pins a message, or unpins it. */
  async pin(id: string, pinned = true): Promise<void> {
    await this.caller.send({ method: pinned ? 'PUT' : 'DELETE', path: `/messages/${id}/pin` });
  }

  /** The pinned messages of a room, the one that was pinned last first. */
  pins(roomId: string, page: PageAsk = {}): Promise<Page<MessageView>> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/pins`, query: { ...page } });
  }

  /** What was answered to a message, oldest first. */
  replies(id: string, page: PageAsk = {}): Promise<Page<MessageView>> {
    return this.caller.send({ method: 'GET', path: `/messages/${id}/replies`, query: { ...page } });
  }

  /** What a message said, oldest first, with what it says now as the last. */
  revisions(id: string): Promise<Page<RevisionView>> {
    return this.caller.send({ method: 'GET', path: `/messages/${id}/revisions` });
  }

  /** Everything that changed in a room after a rev, as the socket's `room.changes`. */
  changes(roomId: string, since: number, limit?: number): Promise<ChangesView> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/changes`, query: { since, limit } });
  }

  /** A checksum over a range of a room's log, to compare a copy with. */
  integrity(roomId: string, range: { readonly from?: number; readonly to?: number } = {}): Promise<IntegrityView> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/integrity`, query: { ...range } });
  }

  /** Moves one's read mark, and what others are shown as received; `unread` also moves the mark back. */
  read(roomId: string, mark: Omit<ReadRoom, 'roomId'>): Promise<ReadAck> {
    return this.caller.send({ method: 'POST', path: `/rooms/${roomId}/read`, body: mark });
  }

  /** Up to where the other members of a room have received and read, as far as they show it. */
  async receipts(roomId: string): Promise<readonly ReceiptView[]> {
    return (await this.caller.send<ReceiptsView>({ method: 'GET', path: `/rooms/${roomId}/receipts` })).items;
  }

  /** Messages in which all of it occurs, the newest first, in one room or in all of one's own. */
  search(asked: SearchAsk): Promise<SearchView> {
    return this.caller.send({ method: 'GET', path: '/search/messages', query: { ...asked } });
  }
}
