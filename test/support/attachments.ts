import type { AttachmentView } from '../../src/protocol/attachment-views.js';
import { formOf } from './pictures.js';
import type { Actor, Answer, World } from './world.js';

interface Given {
  readonly name?: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

/** Uploads a file as somebody. */
export function upload(
  actor: Actor,
  content: Buffer | string,
  { name = 'notes.bin', type = 'application/octet-stream', headers }: Given = {},
): Promise<Answer<AttachmentView>> {
  return actor.call<AttachmentView>('POST', '/attachments', formOf(content, { name, type }), headers);
}

/** The same, which must succeed. */
export async function uploaded(actor: Actor, content: Buffer | string, given: Given = {}): Promise<AttachmentView> {
  const { status, body } = await upload(actor, content, given);
  if (status !== 201) throw new Error(`not uploaded: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** A file as it comes: its status, headers and bytes. */
export interface Loaded {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** Loads an address with whatever headers, and without any token of its own. */
export async function load(world: World, path: string, init: RequestInit = {}): Promise<Loaded> {
  const url = path.startsWith('/api') ? world.app.url + path : world.app.apiUrl + path;
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** Loads an attachment with somebody's token. */
export const loadAs = (world: World, actor: Actor, id: string, headers: Record<string, string> = {}): Promise<Loaded> =>
  load(world, `/attachments/${id}`, { headers: { authorization: `Bearer ${actor.token}`, ...headers } });
