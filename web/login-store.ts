import type { LoginStore } from '../sdk/tokens.js';

const KEY = 'parley.refreshToken';

/** Keeps the login in this browser; all tabs share it, because a refresh token is good for one use. */
export const browserStore: LoginStore = {
  load: () => localStorage.getItem(KEY),
  save: (refreshToken) => {
    if (refreshToken === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, refreshToken);
  },
};
