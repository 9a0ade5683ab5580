import { signal } from '@preact/signals';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { attempt } from '../../ui/toast.js';
import type { OpenRoom } from '../open-room.js';
import { limits } from '../server-limits.js';
import { type Draft, NO_DRAFT, keepDraft, loadDraft } from './drafts.js';
import { post } from './outgoing.js';
import { type Uploads, uploadsOf } from './uploads.js';

/** Milliseconds between two times that the others are told that somebody writes. */
const TYPING_MS = 3000;

/** What is being written in a room: kept with every key, sent or put in the place of what it edits. */
export class Writing {
  /** What stands in the field. */
  readonly text = signal('');
  readonly uploads: Uploads;
  private draft: Draft;
  private toldAt = 0;
  /** Edits that are on their way, by the ids of their messages. */
  private readonly saving = new Set<string>();

  constructor(private readonly open: OpenRoom) {
    this.draft = loadDraft(open.roomId);
    this.uploads = uploadsOf(open.roomId);
    this.text.value = this.draft.text;
    void this.restore();
  }

  /** The text is another one. */
  write(text: string): void {
    this.text.value = text;
    const editing = this.open.editing.peek();
    if (editing) this.keep({ edit: { id: editing.id, text } });
    else this.keep({ text });
    if (!editing && text !== '') this.tellTyping();
  }

  /** Remembers whom a name behind an @ means. */
  mention(name: string, id: string): void {
    this.keep({ mentions: { ...this.draft.mentions, [name]: id } });
  }

  /** What is answered to or edited is another message. */
  turnTo(editing: MessageView | null, replyTo: MessageView | null): void {
    const begun = this.draft.edit;
    if (editing && begun?.id !== editing.id) this.text.value = editing.text ?? '';
    if (editing && begun?.id === editing.id) this.text.value = begun.text;
    if (!editing && begun) this.text.value = this.draft.text;
    this.keep({
      edit: editing ? { id: editing.id, text: this.text.value } : undefined,
      replyToId: replyTo?.id,
    });
  }

  /** How many characters are too many; 0 or less while there is space. */
  get excess(): number {
    const { value } = this.text;
    const { textLength } = limits.value;
    return value.length <= textLength ? value.length - textLength : Array.from(value).length - textLength;
  }

  get canSend(): boolean {
    if (this.excess > 0) return false;
    if (/\S/.test(this.text.value)) return true;
    const hasFile = this.uploads.list.value.some(({ state }) => state !== 'failed');
    return hasFile && !this.open.editing.value && !this.uploads.waiting.value;
  }

  /** Sends what is written; with files on their way, as soon as they are there. */
  async submit(): Promise<void> {
    if (!this.canSend) return;
    const editing = this.open.editing.value;
    if (editing) return this.saveEdit(editing);
    this.send();
  }

  /** Another tab has gone on with the draft, or has sent it: it does not stay here to be sent twice. */
  follow(before: Draft, now: Draft): void {
    if (this.draft.text !== before.text) return;
    const { editing, replyTo } = this.open;
    // Not kept again: it is what stands there.
    this.draft = { ...this.draft, text: now.text, mentions: now.mentions };
    if (!editing.peek()) this.text.value = now.text;
    const isAnswered = now.replyToId === undefined && before.replyToId !== undefined;
    if (isAnswered && replyTo.peek()?.id === before.replyToId) replyTo.value = null;
  }

  /** Goes on with what was to go with files and did not, before what was begun since. */
  takeBack(): void {
    const back = this.uploads.takeReturned();
    if (!back) return;
    const { editing, replyTo } = this.open;
    const text = [back.text, this.draft.text].filter((part) => part !== '').join('\n');
    this.keep({ text, mentions: { ...back.mentions, ...this.draft.mentions } });
    if (editing.peek()) return;
    this.text.value = text;
    if (!this.draft.edit) replyTo.value ??= back.replyTo;
  }

  private send(): void {
    const { roomId, replyTo, timeline } = this.open;
    const outgoing = { text: this.text.value.trim(), mentions: this.draft.mentions, replyTo: replyTo.value };
    // The files are those of what waits for them already.
    if (this.uploads.waiting.value) post(roomId, outgoing, []);
    else this.uploads.send(outgoing);
    this.text.value = '';
    this.draft = NO_DRAFT;
    this.keep({});
    this.toldAt = 0;
    replyTo.value = null;
    timeline.forgetNew();
    timeline.toNow();
  }

  private async saveEdit(begun: MessageView): Promise<void> {
    const { id } = begun;
    if (this.saving.has(id)) return;
    const text = this.text.value.trim();
    let saved = begun;
    this.saving.add(id);
    const isSaved =
      text === begun.text ||
      (await attempt(async () => {
        saved = await client.rest.editMessage(id, { text, expectedRev: await this.revOf(begun) });
      }));
    this.saving.delete(id);
    const { editing } = this.open;
    if (!isSaved || editing.peek()?.id !== id) return;
    // What was typed while it was saved is the next edit.
    editing.value = this.text.peek().trim() === text ? null : saved;
  }

  /** The rev an edit is meant for: the present one, unless the text has changed since the edit was begun. */
  private async revOf(begun: MessageView): Promise<number> {
    const now = this.open.timeline.find(begun.id) ?? (await client.rest.message(begun.id));
    const isSame = now.text === begun.text && now.editedAt === begun.editedAt;
    return isSame ? Math.max(now.lastRev, begun.lastRev) : begun.lastRev;
  }

  /** Goes on with what was edited or answered to before a reload. */
  private async restore(): Promise<void> {
    const { edit, replyToId } = this.draft;
    const id = edit?.id ?? replyToId;
    if (id === undefined) return;
    const message = await client.rest.message(id).catch(() => null);
    if (!message || message.deletedAt !== null) return;
    if (edit) this.open.editing.value = message;
    else this.open.replyTo.value = message;
  }

  private tellTyping(): void {
    if (Date.now() - this.toldAt < TYPING_MS) return;
    this.toldAt = Date.now();
    client.tellTyping(this.open.roomId).catch(() => undefined);
  }

  private keep(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    keepDraft(this.open.roomId, this.draft);
  }
}
