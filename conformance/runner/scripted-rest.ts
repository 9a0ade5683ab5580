import type { IncomingMessage, ServerResponse } from 'node:http';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.js';
import type { Names } from './names.js';
import { type Json, type JsonObject, type Truth, isObject, textOf } from './vector.js';
import { ME, messageView, problemOf, syncOf } from './wire.js';

/** What the REST part of the scripted server has to ask. */
export interface RestHooks {
  truth(): Truth;
  /** A request for changes: answered by the script, as the command is. */
  changes(data: JsonObject, answer: (status: number, body: Json) => void): void;
}

/**
 * The REST side of the scripted server: tokens, and what follows from the truth. Refresh tokens are good for one use, and
 * access tokens until the server has said that they end.
 */
export class ScriptedRest {
  /** Requests without answers to come, as `METHOD path`, oldest first. */
  readonly requests: string[] = [];
  readonly first = { accessToken: 'access-1', refreshToken: 'refresh-1' };
  #issued = 1;
  readonly #valid = new Set([this.first.accessToken]);
  #aged = new Set<string>();

  constructor(
    private readonly names: Names,
    private readonly hooks: RestHooks,
  ) {}

  /** Whether a session may be started or renewed with it. */
  isValid(accessToken: Json | undefined): boolean {
    return typeof accessToken === 'string' && this.#valid.has(accessToken);
  }

  /** Whether it was given out after the server told that the one before ends. */
  isNewer(accessToken: Json | undefined): boolean {
    return this.isValid(accessToken) && !this.#aged.has(textOf(accessToken));
  }

  /** The server tells that what was given out ends soon. */
  ageTokens(): void {
    this.#aged = new Set(this.#valid);
  }

  /** What was given out is worth nothing any more. */
  endTokens(): void {
    this.#valid.clear();
  }

  /** Answers one request. */
  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://kit');
    const path = pathname.replace('/api/v1', '');
    const reply = (status: number, body: Json): void => {
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'content-type': type }).end(JSON.stringify(this.names.resolve(body)));
    };
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const named = this.names.humanize(path.split('/')).join('/');
      this.requests.push(`${request.method} ${named}`);
      if (named === '/auth/refresh') return this.#refresh(text, reply);
      const token = request.headers.authorization?.replace('Bearer ', '');
      if (!this.isValid(token)) return refuse(reply, 'UNAUTHORIZED');
      this.#read(named, searchParams, reply);
    });
  };

  #refresh(text: string, reply: (status: number, body: Json) => void): void {
    const { refreshToken } = JSON.parse(text) as { refreshToken?: string };
    if (refreshToken !== `refresh-${this.#issued}`) return refuse(reply, 'UNAUTHORIZED');
    const accessToken = `access-${++this.#issued}`;
    this.#valid.add(accessToken);
    const fresh = { accessToken, refreshToken: `refresh-${this.#issued}`, expiresIn: 900, tokenType: 'Bearer' };
    reply(200, { user: ME, ...fresh });
  }

  #read(path: string, query: URLSearchParams, reply: (status: number, body: Json) => void): void {
    const [, first, roomId = '', what] = path.split('/');
    const truth = this.hooks.truth();
    if (path === '/sync') return reply(200, syncOf(truth));
    if (path === '/config') return reply(200, { limits: { ...DEFAULT_LIMITS, ...truth.limits } });
    if (path === '/users/me') return reply(200, ME);
    if (first === 'rooms' && !isObject(truth.rooms[roomId])) return refuse(reply, 'NOT_FOUND');
    if (what === 'messages') return reply(200, pageOf(truth, roomId, query));
    if (what === 'receipts') return reply(200, { items: [] });
    if (what === 'changes') {
      return this.hooks.changes({ roomId, since: Number(query.get('since')) }, reply);
    }
    refuse(reply, 'NOT_FOUND');
  }
}

const refuse = (reply: (status: number, body: Json) => void, code: string): void => {
  const problem = problemOf({ code });
  reply(Number(problem['status']), problem);
};

function pageOf(truth: Truth, roomId: string, query: URLSearchParams): JsonObject {
  const before = Number(query.get('before') ?? Infinity);
  const limit = Number(query.get('limit') ?? 50);
  const below = (truth.history[roomId] ?? [])
    .map((message) => messageView(message, roomId, Number(message['rev'])))
    .filter(({ rev }) => Number(rev) < before);
  return { items: below.slice(-limit), prev: below.length > limit ? 'older' : null, next: null };
}
