import type { AttachmentView } from '../src/protocol/attachment-views.js';
import type { RestCaller } from './rest-caller.js';
import { type Progress, progressFetch } from './upload-progress.js';

/** How a file is uploaded. */
export interface UploadOptions {
  /** What the file is called for those who get it. Default: the name of a `File`, else `file`. */
  readonly name?: string;
  /** Told while it goes out: bytes of the request so far, and all of them. In Node only once, at the end. */
  readonly onProgress?: Progress;
  /** Gives the upload up; it then rejects with `OFFLINE`. */
  readonly signal?: AbortSignal;
  /** Makes a repeat of the same upload the same attachment; made up where it is left out. */
  readonly key?: string;
}

/** The REST calls of files to be sent. */
export class AttachmentsApi {
  constructor(private readonly caller: RestCaller) {}

  /**
   * Uploads a file, to be sent with `attachmentIds` within 24 hours. There is no time limit but the signal's.
   *
   * @throws ParleyError `PAYLOAD_TOO_LARGE` above `limits.attachmentBytes`, `QUOTA_EXCEEDED`, `UNSUPPORTED_MEDIA`
   */
  async upload(file: Blob, options: UploadOptions = {}): Promise<AttachmentView> {
    const { onProgress, signal, key = this.caller.newId() } = options;
    const body = new FormData();
    body.append('file', file, options.name ?? (file as { readonly name?: string }).name ?? 'file');
    const transfer = { signal, fetcher: onProgress && progressFetch(onProgress) };
    const view = await this.caller.send<AttachmentView>({ method: 'POST', path: '/attachments', body, key, transfer });
    onProgress?.(file.size, file.size);
    return view;
  }

  /** Takes an upload of one's own back that was not sent. */
  delete(id: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/attachments/${id}` });
  }

  /** The file itself, with the login. */
  download({ id }: Pick<AttachmentView, 'id'>): Promise<Blob> {
    return this.caller.download(`/attachments/${id}`);
  }

  /** The small picture of an image, with the login. */
  downloadThumbnail({ id }: Pick<AttachmentView, 'id'>): Promise<Blob> {
    return this.caller.download(`/attachments/${id}/thumbnail`);
  }

  /**
   * The whole address of a file, for a link or `<img>`. It loads without a token where the view came in an answer, for
   * 15 minutes; the views of live messages are not signed (`isSigned`): ask for `rest.message(id)` first.
   */
  url({ url }: Pick<AttachmentView, 'url'>): string {
    return this.caller.addressOf(url);
  }

  /** The same of its small picture; null where it has none. */
  thumbnailUrl({ thumbnailUrl }: Pick<AttachmentView, 'thumbnailUrl'>): string | null {
    return thumbnailUrl && this.caller.addressOf(thumbnailUrl);
  }

  /** Whether the links of a view load without a token, for as long as they are good. */
  isSigned({ url }: Pick<AttachmentView, 'url'>): boolean {
    return url.includes('?');
  }
}
