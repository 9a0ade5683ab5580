import { ParleyError } from './errors.js';
import type { Http, HttpRequest } from './http.js';
import type { TokenKeeper } from './tokens.js';

/** Asks with the login: renews the access token where it has to, and repeats once where the server takes it no longer. */
export class RestCaller {
  constructor(
    readonly http: Http,
    readonly tokens: TokenKeeper,
    readonly newId: () => string,
  ) {}

  /** The answer of a request that needs a login. Throws as `Http.call` and `TokenKeeper.fresh`. */
  async send<T>(request: HttpRequest): Promise<T> {
    const token = await this.tokens.fresh();
    try {
      return await this.http.call<T>({ ...request, token });
    } catch (error) {
      if (!(error instanceof ParleyError && error.code === 'UNAUTHORIZED')) throw error;
      return this.http.call<T>({ ...request, token: await this.tokens.renew(token) });
    }
  }

  /** The same for a file. */
  download(path: string): Promise<Blob> {
    return this.send({ method: 'GET', path, isFile: true });
  }

  /** What stands in a view as an address, such as `avatarUrl`, for `<img>`. */
  addressOf(path: string): string {
    return this.http.origin + path;
  }
}
