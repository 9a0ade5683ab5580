/** Bytes that have gone out, and all of them. */
export type Progress = (sent: number, total: number) => void;

/** The parts of XMLHttpRequest that are used, so that Node, which has none, needs no types of it. */
interface Xhr {
  readonly status: number;
  readonly responseText: string;
  readonly upload: { onprogress: ((event: { readonly loaded: number; readonly total: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: unknown): void;
  abort(): void;
}

/** A `fetch` that tells how much of the body is out. Only XMLHttpRequest can; undefined where there is none. */
export function progressFetch(onProgress: Progress): typeof fetch | undefined {
  const Class = (globalThis as unknown as { XMLHttpRequest?: new () => Xhr }).XMLHttpRequest;
  if (!Class) return undefined;
  return ((url: string, init: RequestInit) => send(new Class(), { url, init, onProgress })) as typeof fetch;
}

function send(
  xhr: Xhr,
  { url, init, onProgress }: { url: string; init: RequestInit; onProgress: Progress },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new TypeError('The upload broke off.'));
    init.signal?.addEventListener('abort', () => xhr.abort());
    xhr.open(init.method ?? 'POST', url);
    for (const [name, value] of Object.entries(init.headers as Record<string, string>))
      xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    xhr.onload = () => resolve(new Response(xhr.responseText || null, { status: xhr.status }));
    xhr.onerror = xhr.onabort = fail;
    if (init.signal?.aborted) return fail();
    xhr.send(init.body);
  });
}
