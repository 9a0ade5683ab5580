import type { MeView } from '../src/protocol/views.js';
import type { ProfileChange } from './rest-asks.js';
import type { RestCaller } from './rest-caller.js';

/** The REST calls of one's own account. */
export class AccountApi {
  constructor(private readonly caller: RestCaller) {}

  /** Oneself, with what others do not see. */
  get(): Promise<MeView> {
    return this.caller.send({ method: 'GET', path: '/users/me' });
  }

  /** Changes one's profile. */
  update(change: ProfileChange): Promise<MeView> {
    return this.caller.send({ method: 'PATCH', path: '/users/me', body: change });
  }

  /** Sets one's picture: JPEG, PNG, WebP, GIF or AVIF, up to `limits.pictureBytes`. */
  setAvatar(picture: Blob): Promise<MeView> {
    const body = new FormData();
    body.append('file', picture);
    return this.caller.send({ method: 'PUT', path: '/users/me/avatar', body });
  }

  /** Removes one's picture; a made-up one stands in its place. */
  removeAvatar(): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: '/users/me/avatar' });
  }

  /** Everything of one's own, as a ZIP. */
  export(): Promise<Blob> {
    return this.caller.download('/users/me/export');
  }

  /** Deletes the account for good; one with a password says it again. What is kept of the login here goes too. */
  async delete(password?: string): Promise<void> {
    await this.caller.send({ method: 'DELETE', path: '/users/me', body: { password } });
    this.caller.tokens.forget();
  }
}
