import { signal } from '@preact/signals';
import { newIdSource } from '../../../sdk/ids.js';
import type { AttachmentView } from '../../../src/protocol/attachment-views.js';
import { client } from '../../app/client.js';
import { faultText } from '../../ui/fault-text.js';
import { defineTexts } from '../../i18n/texts.js';
import { sizeText } from '../files/size-text.js';
import { limits } from '../server-limits.js';
import { keepWaiting, loadWaiting } from './drafts.js';
import { type Outgoing, post } from './outgoing.js';

const t = defineTexts(
  { tooLarge: 'Larger than {most}', empty: 'The file is empty.' },
  { tooLarge: '超过 {most}', empty: '文件是空的。' },
);

/** A file on its way to the server, to be sent with the next message. */
export interface Upload {
  /** The same for every try, so that the file is there once. */
  readonly key: string;
  readonly file: File;
  readonly state: 'going' | 'done' | 'failed';
  /** From 0 to 1. */
  readonly progress: number;
  /** Why it failed. */
  readonly fault: string;
  readonly view: AttachmentView | null;
  /** A local address of a picture, to be shown beside its name. */
  readonly preview: string | null;
}

const PREVIEWED = /^image\/(png|jpeg|gif|webp|avif)$/;
const newKey = newIdSource();

/**
 * The files that go with the next message of one room, and that message where it waits for them. They stay, and it goes,
 * while other rooms are looked at.
 */
export class Uploads {
  readonly list = signal<readonly Upload[]>([]);
  /** Goes as soon as the files are there. */
  readonly waiting = signal<Outgoing | null>(null);
  /** Was to go with the files, but one failed or was taken away: it belongs to who writes again. */
  readonly returned = signal<Outgoing | null>(null);
  private readonly aborts = new Map<string, AbortController>();

  constructor(private readonly roomId: string) {
    // What waited before the page was loaded anew has lost its files.
    this.returned.value = loadWaiting(roomId);
  }

  /** Sends a message with all files; where some are on their way, as soon as they are there. */
  send(outgoing: Outgoing): void {
    if (!this.isBusy) return post(this.roomId, outgoing, this.take());
    this.waiting.value = outgoing;
    keepWaiting(this.roomId, outgoing);
  }

  /** Hands over what came back; it is not kept here any longer. */
  takeReturned(): Outgoing | null {
    const { value } = this.returned;
    if (!value) return null;
    this.returned.value = null;
    keepWaiting(this.roomId, null);
    return value;
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const key = newKey();
      const preview = PREVIEWED.test(file.type) ? URL.createObjectURL(file) : null;
      const upload: Upload = { key, file, preview, state: 'going', progress: 0, fault: '', view: null };
      this.list.value = [...this.list.value, upload];
      void this.start(upload);
    }
  }

  retry(key: string): void {
    const upload = this.list.value.find((one) => one.key === key);
    if (!upload) return;
    this.change(key, { state: 'going', progress: 0, fault: '' });
    void this.start(upload);
  }

  /** Takes a file away, whether it is there or on its way. What waits for it does not go without it. */
  remove(key: string): void {
    this.giveBack();
    this.aborts.get(key)?.abort();
    const upload = this.list.value.find((one) => one.key === key);
    this.list.value = this.list.value.filter((one) => one.key !== key);
    if (upload?.preview) URL.revokeObjectURL(upload.preview);
    if (upload?.view) void client.rest.attachments.delete(upload.view.id).catch(() => undefined);
  }

  /** The ids of what is there, which go with a message; they are not kept any longer. */
  private take(): readonly string[] {
    const done = this.list.value.filter(({ state }) => state === 'done');
    this.list.value = this.list.value.filter(({ state }) => state !== 'done');
    for (const { preview } of done) if (preview) URL.revokeObjectURL(preview);
    return done.flatMap(({ view }) => (view ? [view.id] : []));
  }

  /** Lets go of all of them here; what is on the server goes by itself. */
  clear(): void {
    for (const abort of this.aborts.values()) abort.abort();
    for (const { preview } of this.list.peek()) if (preview) URL.revokeObjectURL(preview);
    this.list.value = [];
    this.waiting.value = null;
    this.returned.value = null;
  }

  get isBusy(): boolean {
    return this.list.value.some(({ state }) => state === 'going');
  }

  private async start({ key, file }: Upload): Promise<void> {
    const most = limits.value.attachmentBytes;
    if (file.size > most) return this.fail(key, t('tooLarge', { most: sizeText(most) }));
    if (file.size === 0) return this.fail(key, t('empty'));
    const abort = new AbortController();
    this.aborts.set(key, abort);
    const onProgress = (sent: number, total: number) => this.change(key, { progress: total > 0 ? sent / total : 0 });
    try {
      const { signal: ended } = abort;
      const view = await client.rest.attachments.upload(file, { key, onProgress, signal: ended });
      this.change(key, { state: 'done', progress: 1, view });
    } catch (error) {
      this.fail(key, faultText(error));
    } finally {
      this.aborts.delete(key);
    }
    this.settle();
  }

  /** Sends what waits once all files are there, and gives it back where one failed. */
  private settle(): void {
    const { value } = this.waiting;
    if (!value || this.isBusy) return;
    if (this.list.value.some(({ state }) => state === 'failed')) return this.giveBack();
    this.waiting.value = null;
    keepWaiting(this.roomId, null);
    post(this.roomId, value, this.take());
  }

  private giveBack(): void {
    if (!this.waiting.value) return;
    this.returned.value = this.waiting.value;
    this.waiting.value = null;
  }

  private fail(key: string, fault: string): void {
    this.change(key, { state: 'failed', fault });
  }

  private change(key: string, change: Partial<Upload>): void {
    this.list.value = this.list.value.map((one) => (one.key === key ? { ...one, ...change } : one));
  }
}

const byRoom = new Map<string, Uploads>();

/** The files that wait in a room. */
export function uploadsOf(roomId: string): Uploads {
  const known = byRoom.get(roomId) ?? new Uploads(roomId);
  byRoom.set(roomId, known);
  return known;
}

/** Forgets what waits everywhere: another user may sign in on this page. */
export function forgetUploads(): void {
  for (const uploads of byRoom.values()) uploads.clear();
  byRoom.clear();
}
