import { effect } from '@preact/signals';
import plain from '../icon.svg';
import dotted from '../icon-unread.svg';
import { countOf } from '../rooms/room-standing.js';
import { titleOf } from '../rooms/room-titles.js';
import { client } from './client.js';
import { isSignedIn } from './connection.js';
import { follow } from './live.js';
import { route } from './route.js';

/** Keeps the title and the icon of the page's tab: how much is new, and what is open. */
export function startTitle(): void {
  effect(() => {
    follow('rooms');
    const count = isSignedIn.value ? newMessages() : 0;
    const name = [openTitle(), 'Parley'].filter(Boolean).join(' · ');
    document.title = count > 0 ? `(${count}) ${name}` : name;
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    const href = count > 0 ? dotted : plain;
    if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  });
}

const newMessages = (): number => [...client.rooms.values()].reduce((sum, room) => sum + countOf(room), 0);

function openTitle(): string {
  const { value: shown } = route;
  const view = isSignedIn.value && shown.at === 'room' ? client.rooms.get(shown.roomId)?.view : null;
  return view ? titleOf(view) : '';
}
