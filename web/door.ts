import type { ParleyClient } from '../sdk/client.js';
import { attempt, byId, fieldOf } from './dom.js';

/** Signing in, registering, entering as a guest. Calls `onEntered` when there is a login. */
export function openDoor(client: ParleyClient, onEntered: () => void): void {
  const signIn = byId<HTMLFormElement>('sign-in');
  const guest = byId<HTMLFormElement>('guest');
  signIn.addEventListener('submit', (event) => {
    event.preventDefault();
    const username = fieldOf(signIn, 'username');
    const password = fieldOf(signIn, 'password');
    const isNew = (event.submitter as HTMLButtonElement | null)?.value === 'register';
    void attempt(signIn, async () => {
      if (isNew) await client.rest.register({ username, password });
      else await client.rest.login(username, password);
      signIn.reset();
      onEntered();
    });
  });
  guest.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = fieldOf(guest, 'displayName').trim();
    void attempt(guest, async () => {
      await client.rest.guest(name || undefined);
      onEntered();
    });
  });
}
