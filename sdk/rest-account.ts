import type { MeView } from '../src/protocol/views.js';
import type { Http, HttpRequest } from './http.js';
import type { ProfileChange } from './rest-asks.js';
import type { TokenKeeper } from './tokens.js';

/** The REST calls of one's own account. */
export class AccountApi {
  /** @param send asks with the login, as the rest of the API does */
  constructor(
    private readonly http: Http,
    private readonly tokens: TokenKeeper,
    private readonly send: <T>(request: HttpRequest) => Promise<T>,
  ) {}

  /** Oneself, with what others do not see. */
  get(): Promise<MeView> {
    return this.send({ method: 'GET', path: '/users/me' });
  }

  /** Changes one's profile. */
  update(change: ProfileChange): Promise<MeView> {
    return this.send({ method: 'PATCH', path: '/users/me', body: change });
  }

  /** Sets one's picture: JPEG, PNG, WebP, GIF or AVIF, up to `limits.pictureBytes`. */
  setAvatar(picture: Blob): Promise<MeView> {
    const body = new FormData();
    body.append('file', picture);
    return this.send({ method: 'PUT', path: '/users/me/avatar', body });
  }

  /** Removes one's picture; a made-up one stands in its place. */
  removeAvatar(): Promise<void> {
    return this.send({ method: 'DELETE', path: '/users/me/avatar' });
  }

  /** Everything of one's own, as a ZIP. */
  async export(): Promise<Blob> {
    const token = await this.tokens.fresh();
    return this.http.download({ method: 'GET', path: '/users/me/export', token });
  }

  /** Deletes the account for good; one with a password says it again. What is kept of the login here goes too. */
  async delete(password?: string): Promise<void> {
    await this.send({ method: 'DELETE', path: '/users/me', body: { password } });
    this.tokens.forget();
  }
}
