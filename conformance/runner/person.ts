import { setTimeout as pause } from 'node:timers/promises';
import type { MeView, MessageView, Page, SyncView, TokensView } from '../../src/protocol/views.js';

const AGAIN_MS = 50;
const TRIES = 600;

/** Somebody who uses the server over REST, and asks again while it is away. */
export class Person {
  private constructor(
    private readonly url: string,
    readonly tokens: TokensView,
  ) {}

  /** A guest. */
  static async enter(url: string, displayName: string): Promise<Person> {
    const tokens = await ask<TokensView>(`${url}/api/v1/auth/guest`, { method: 'POST', body: { displayName } });
    return new Person(url, tokens);
  }

  get user(): MeView {
    return this.tokens.user;
  }

  /** One request below `/api/v1`. What has an id of its own may be asked for twice. */
  call<T>(method: string, path: string, body?: object): Promise<T> {
    return ask<T>(`${this.url}/api/v1${path}`, { method, body, token: this.tokens.accessToken });
  }

  sync(): Promise<SyncView> {
    return this.call('GET', '/sync');
  }

  /** Everything in a room above a rev, by pages of history. */
  async history(roomId: string, above: number): Promise<MessageView[]> {
    const items: MessageView[] = [];
    for (let before: number | undefined; ; before = items[0]?.rev) {
      const place = before === undefined ? '' : `&before=${before}`;
      const page = await this.call<Page<MessageView>>('GET', `/rooms/${roomId}/messages?limit=100${place}`);
      items.unshift(...page.items);
      if (page.prev === null || (items[0]?.rev ?? 0) <= above) return items.filter(({ rev }) => rev > above);
    }
  }
}

interface Request {
  readonly method: string;
  readonly body?: object | undefined;
  readonly token?: string;
}

async function ask<T>(url: string, { method, body, token = '' }: Request): Promise<T> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body) headers['content-type'] = 'application/json';
  for (let tries = 0; tries < TRIES; tries++) {
    const init = { method, headers, body: body && JSON.stringify(body) };
    const response = await fetch(url, init).catch(() => null);
    const text = await response?.text().catch(() => null);
    if (response?.ok && typeof text === 'string') return (text === '' ? undefined : JSON.parse(text)) as T;
    if (response && response.status < 500) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    await pause(AGAIN_MS);
  }
  throw new Error(`${method} ${url}: no answer`);
}
