import { setTimeout as pause } from 'node:timers/promises';

/** An answer of the REST API. */
export interface RestAnswer {
  readonly status: number;
  readonly body: any;
}

const ANSWER_MS = 10_000;

/** Calls the API. Null: no answer, so whether it was done is not known. */
export async function call(
  url: string,
  request: { readonly method: string; readonly path: string; readonly token?: string; readonly body?: unknown },
): Promise<RestAnswer | null> {
  const { method, path, token, body } = request;
  try {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  } catch {
    return null;
  }
}

/** Whether to ask again: no answer, or one that says that nothing was done and a later try may work. */
const isPassing = (answer: RestAnswer | null): boolean =>
  answer === null || answer.status >= 500 || answer.status === 429;

/** Asks until it is done. Throws where it is refused. */
export async function callUntilDone(url: string, request: Parameters<typeof call>[1]): Promise<RestAnswer> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await call(url, request);
    if (answer && answer.status < 400) return answer;
    if (answer && !isPassing(answer)) throw new Error(`${request.path}: ${answer.status} ${answer.body.code}`);
    await pause(100);
  }
  throw new Error(`no answer to ${request.method} ${request.path}`);
}
