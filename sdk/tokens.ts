import type { MeView, TokensView } from '../src/protocol/views.js';
import { ParleyError, toParleyError } from './errors.js';
import type { Http } from './http.js';
import { monotonic } from './timing.js';

/**
 * Where the login is kept over a restart or a reload. A refresh token is good for one use, so all clients of one login
 * (tabs of a browser) have to share one store: one that still held a used token would end the login for all of them.
 */
export interface LoginStore {
  /** The newest refresh token, or null when nobody is signed in. */
  load(): string | null;
  /** Keeps it; null forgets it. */
  save(refreshToken: string | null): void;
}

/** A store that forgets with the process. */
export function memoryStore(refreshToken: string | null = null): LoginStore {
  let kept = refreshToken;
  return { load: () => kept, save: (token) => void (kept = token) };
}

// A token with less than this left is renewed first: it must outlive the request and a clock that is a little off.
const MARGIN_MS = 30_000;

/**
 * Keeps the pair of tokens. Renewal is single-flight: however many requests find the token expired, the refresh token
 * is used once. When the server refuses it, the login is over: it is forgotten and `signedOut` is called.
 */
export class TokenKeeper {
  /** Whoever is signed in, as far as known. */
  user: MeView | null = null;
  #access: { readonly token: string; readonly until: number } | null = null;
  #renewal: Promise<string> | null = null;

  constructor(
    private readonly http: Http,
    private readonly store: LoginStore,
    private readonly signedOut: (error: ParleyError) => void,
  ) {}

  /** Whether there is a login to go on with. */
  get hasLogin(): boolean {
    return this.store.load() !== null;
  }

  /** Takes over a fresh pair. */
  accept(tokens: TokensView): void {
    this.user = tokens.user;
    this.#access = { token: tokens.accessToken, until: monotonic() + tokens.expiresIn * 1000 };
    this.store.save(tokens.refreshToken);
  }

  /** Ends the login on this side. */
  forget(): void {
    this.user = null;
    this.#access = null;
    this.store.save(null);
  }

  /**
   * An access token with time left, renewed first where needed.
   *
   * @throws ParleyError `UNAUTHORIZED` when nobody is signed in, or what the renewal failed with
   */
  fresh(): Promise<string> {
    if (this.#access && this.#access.until - monotonic() > MARGIN_MS) return Promise.resolve(this.#access.token);
    return this.renew();
  }

  /**
   * A new access token.
   *
   * @param refused the token the server did not take; when it has been replaced since, the present one is returned
   * @throws ParleyError as `fresh`
   */
  renew(refused?: string): Promise<string> {
    if (this.#access && refused !== undefined && this.#access.token !== refused) {
      return Promise.resolve(this.#access.token);
    }
    this.#renewal ??= this.#refresh().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  async #refresh(): Promise<string> {
    const refreshToken = this.store.load();
    if (refreshToken === null) throw new ParleyError('UNAUTHORIZED', 'Nobody is signed in.');
    const request = { method: 'POST', path: '/auth/refresh', body: { refreshToken } } as const;
    const answer = await this.http.call<TokensView>(request).catch((thrown: unknown) => toParleyError(thrown));
    if (!(answer instanceof ParleyError)) return this.#adopt(answer);
    if (answer.code !== 'UNAUTHORIZED' && answer.code !== 'FORBIDDEN') throw answer;
    // Another tab has renewed meanwhile: its token is in the store, this one was used up.
    const newest = this.store.load();
    if (newest !== null && newest !== refreshToken) return this.#refresh();
    this.forget();
    this.signedOut(answer);
    throw answer;
  }

  #adopt(tokens: TokensView): string {
    // The store was taken over by another user's login; what this client holds is not his to see. The pair is his,
    // and goes back into the store: the one it replaces is used up.
    if (this.user && this.user.id !== tokens.user.id) {
      this.store.save(tokens.refreshToken);
      this.user = null;
      this.#access = null;
      const error = new ParleyError('UNAUTHORIZED', 'Somebody else has signed in here.');
      this.signedOut(error);
      throw error;
    }
    this.accept(tokens);
    return tokens.accessToken;
  }
}
