import type { Problem } from '../src/protocol/errors.js';
import { ParleyError } from './errors.js';

/** One request below `/api/v1`. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Without the prefix, with ids already in place. */
  readonly path: string;
  /** Left out where undefined. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON; a form as it is. */
  readonly body?: unknown;
  readonly token?: string;
  /** The answer is a file, and comes as a `Blob`. */
  readonly isFile?: boolean;
  /** For a large body: ends with the signal and not after a time; sent by another `fetch`, where there is one. */
  readonly transfer?: { readonly signal?: AbortSignal; readonly fetcher?: typeof fetch };
  /** The `Idempotency-Key`: the same key makes a repeated creation the same creation. */
  readonly key?: string;
}

/** Carries JSON to the server and back, and turns every failure into a ParleyError. */
export class Http {
  constructor(
    readonly origin: string,
    private readonly fetcher: typeof fetch,
    private readonly timeoutMs: number,
  ) {}

  /**
   * The parsed answer, or undefined where there is none (204).
   *
   * @throws ParleyError with the server's code, or `OFFLINE` when no answer came in time
   */
  async call<T>(request: HttpRequest): Promise<T> {
    const response = await this.#fetch(request);
    if (response.ok && request.isFile) return (await whole(response.blob())) as T;
    const text = await whole(response.text());
    if (response.ok) return (text === '' ? undefined : parse(text)) as T;
    throw refusal(response, text);
  }

  async #fetch(request: HttpRequest): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    const { body } = request;
    const isForm = body instanceof FormData;
    // The boundary of a form is made by whoever sends it, and so is its type.
    if (body !== undefined && !isForm) headers['content-type'] = 'application/json';
    if (request.token !== undefined) headers['authorization'] = `Bearer ${request.token}`;
    if (request.key !== undefined) headers['idempotency-key'] = request.key;
    try {
      const { transfer } = request;
      return await (transfer?.fetcher ?? this.fetcher)(this.#url(request), {
        method: request.method,
        headers,
        body: body === undefined || isForm ? body : JSON.stringify(body),
        signal: transfer ? transfer.signal : AbortSignal.timeout(this.timeoutMs),
      });
    } catch (error) {
      throw ParleyError.offline('The server cannot be reached.', error);
    }
  }

  #url({ path, query = {} }: HttpRequest): string {
    const set = Object.entries(query).filter((entry) => entry[1] !== undefined);
    const search = new URLSearchParams(set.map(([name, value]): [string, string] => [name, String(value)]));
    return `${this.origin}/api/v1${path}${set.length > 0 ? `?${search.toString()}` : ''}`;
  }
}

/** What is read of an answer, unless it breaks off. */
function whole<T>(reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    throw ParleyError.offline('The answer broke off.', error);
  });
}

function refusal(response: Response, text: string): ParleyError {
  const body = parse(text);
  if (isProblem(body)) return ParleyError.of(body);
  // A proxy in between answers in its own words. 502 to 504 from it mean that the server was not reached or did not
  // answer, so the outcome is as unknown as with no answer at all.
  const { status } = response;
  if (status >= 502 && status <= 504) return ParleyError.offline(`The server cannot be reached (${status}).`);
  return new ParleyError(status === 401 ? 'UNAUTHORIZED' : 'INTERNAL', `The server answered ${status}.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}
