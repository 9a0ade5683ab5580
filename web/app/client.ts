import { ParleyClient } from '../../sdk/client.js';
import { indexedDbOutbox } from '../../sdk/indexed-db-outbox.js';
import { deviceName } from './device-name.js';
import { browserStore } from './login-store.js';

/** Messages kept of each room: as many as somebody scrolls through in a day. */
const MOST_KEPT = 20_000;

/** The one client of this page: everything the page knows and does goes through it. */
export const client = new ParleyClient({
  url: location.origin,
  login: browserStore,
  device: deviceName(navigator.userAgent),
  people: true,
  outbox: indexedDbOutbox(),
  keep: MOST_KEPT,
});
