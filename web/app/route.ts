import { signal } from '@preact/signals';

/** What the page shows, as it stands behind the `#` of its address. */
export type Route =
  | { readonly at: 'home' }
  | { readonly at: 'room'; readonly roomId: string; readonly messageId?: string }
  | { readonly at: 'people' }
  | { readonly at: 'find' }
  | { readonly at: 'search'; readonly query: string }
  | { readonly at: 'settings' }
  | { readonly at: 'invite'; readonly code: string };

/** Where the page stands; it follows the address, so going back and links work by themselves. */
export const route = signal<Route>(parse(location.hash));

window.addEventListener('hashchange', () => (route.value = parse(location.hash)));

/** The address of a route, for a link. */
export function hrefOf(to: Route): string {
  switch (to.at) {
    case 'home':
      return '#/';
    case 'room':
      return to.messageId ? `#/rooms/${to.roomId}/${to.messageId}` : `#/rooms/${to.roomId}`;
    case 'invite':
      return `#/invite/${encodeURIComponent(to.code)}`;
    case 'search':
      return `#/search/${encodeURIComponent(to.query)}`;
    case 'people':
    case 'find':
    case 'settings':
      return `#/${to.at}`;
  }
}

/** Goes there; one step back comes here again. */
export function go(to: Route): void {
  location.hash = hrefOf(to);
}

function parse(hash: string): Route {
  const [at = '', id = '', detail] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  if (at === 'rooms' && id) return detail ? { at: 'room', roomId: id, messageId: detail } : { at: 'room', roomId: id };
  if (at === 'invite' && id) return { at: 'invite', code: id };
  if (at === 'search') return { at: 'search', query: id };
  if (at === 'people' || at === 'find' || at === 'settings') return { at };
  return { at: 'home' };
}

/** An address that somebody has typed may hold anything. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
