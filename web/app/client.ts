import { ParleyClient } from '../../sdk/client.js';
import { deviceName } from './device-name.js';
import { browserStore } from './login-store.js';

/** The one client of this page: everything the page knows and does goes through it. */
export const client = new ParleyClient({
  url: location.origin,
  login: browserStore,
  device: deviceName(navigator.userAgent),
  people: true,
});
