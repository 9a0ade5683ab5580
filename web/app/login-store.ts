import type { LoginStore } from '../../sdk/tokens.js';

const KEY = 'parley.refreshToken';

/** Keeps the login in this browser; all tabs share it, because a refresh token is good for one use. */
export const browserStore: LoginStore = {
  load: () => localStorage.getItem(KEY),
  save: (refreshToken) => {
    if (refreshToken === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, refreshToken);
  },
};

/** Calls `listener` when another tab signs in or out: what this one shows is not that user's. */
export function onOtherLogin(listener: () => void): void {
  window.addEventListener('storage', ({ key, oldValue, newValue }) => {
    // A renewed token is the same login; one that comes or goes is not. Clearing the storage has no key.
    if (key === null || (key === KEY && (oldValue === null || newValue === null))) listener();
  });
}
