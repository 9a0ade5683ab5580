import type { ParleyClient } from '../sdk/client.js';
import { attempt, byId } from './dom.js';

/** Signing in, registering, entering as a guest. Calls `onEntered` when there is a login. */
export function openDoor(client: ParleyClient, onEntered: () => void): void {
  const signIn = byId<HTMLFormElement>('sign-in');
  const guest = byId<HTMLFormElement>('guest');
  signIn.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new FormData(signIn);
    const username = String(fields.get('username'));
    const password = String(fields.get('password'));
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
    const name = String(new FormData(guest).get('displayName')).trim();
    void attempt(guest, async () => {
      await client.rest.guest(name || undefined);
      onEntered();
    });
  });
}
