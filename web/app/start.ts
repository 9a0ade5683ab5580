import { connection, isSignedIn } from './connection.js';
import { client } from './client.js';
import { touch } from './live.js';
import { onOtherLogin } from './login-store.js';
import { forgetUsers } from './names.js';
import { startNotices } from './notices.js';
import { forgetAway, keepAway } from './own-presence.js';
import { go, route } from './route.js';
import { startTitle } from './title.js';
import { forgetDrafts } from '../chat/composer/drafts.js';
import { forgetUploads } from '../chat/composer/uploads.js';
import { forgetFiles } from '../chat/files/fresh-files.js';
import { closePerson } from '../people/open-person.js';
import { closeRoomDialog } from '../rooms/open-dialogs.js';
import { dropConfirm } from '../ui/confirm.js';

/** Ties the client's events to what is drawn, and connects where there is a login. */
export function startClient(): void {
  client.on('connection', (status) => {
    connection.value = status;
    touch('me');
    touch('rooms');
  });
  client.on('room', ({ roomId }) => {
    touch(`room:${roomId}`);
    touch('rooms');
  });
  client.on('rooms', () => touch('rooms'));
  client.on('profile', () => touch('me'));
  client.on('people', () => touch('people'));
  client.on('presence', () => touch('presence'));
  client.on('typing', ({ roomId }) => touch(`typing:${roomId}`));
  client.on('receipts', ({ roomId }) => touch(`receipts:${roomId}`));
  client.on('signedOut', forget);
  keepAway();
  startNotices();
  startTitle();
  window.addEventListener('online', () => client.wake());
  document.addEventListener('visibilitychange', () => client.wake());
  onOtherLogin(() => location.reload());
  if (client.hasLogin) enter();
}

/** Somebody has signed in: shows his rooms, and keeps the connection from now on. */
export function enter(): void {
  isSignedIn.value = true;
  // What cannot be reached now is tried again; the line at the top says so.
  client.connect().catch(() => undefined);
}

/** Ends the login here, whether the server could be told or not. */
export async function leave(): Promise<void> {
  forgetDrafts();
  await client.signOut().catch(() => undefined);
  forget();
}

/** Whoever comes next sees nothing of who was here. */
function forget(): void {
  isSignedIn.value = false;
  forgetUsers();
  forgetUploads();
  forgetFiles();
  forgetAway();
  closeRoomDialog();
  closePerson();
  dropConfirm();
  // An invite is for whoever comes in.
  if (route.value.at !== 'invite') go({ at: 'home' });
}
