import { signal } from '@preact/signals';
import type { RoomState } from '../../sdk/room-state.js';
import type { MessageView } from '../../src/protocol/views.js';
import { isBlocked } from '../people/blocked.js';
import { contentOf } from '../rooms/last-line.js';
import { isMuted } from '../rooms/room-standing.js';
import { titleOf } from '../rooms/room-titles.js';
import { client } from './client.js';
import { keepUsers, nameOf, userOf } from './names.js';
import { go, route } from './route.js';

const KEY = 'parley.notices';
/** What was said longer ago is caught up, and no news. */
const FRESH_MS = 60_000;
/** Milliseconds for which a message waits: it may be read at that moment in another tab or on another device. */
const WAIT_MS = 1000;

/** Whether this browser can show notices at all; without TLS it does not. */
export const canNotify = 'Notification' in window && isSecureContext && isMakeable();

/** Whether it does. */
export const areNoticesOn = signal(
  canNotify && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on',
);

/** Switches them on or off for this browser; says whether they are on then. */
export async function setNotices(isOn: boolean): Promise<boolean> {
  const isAllowed = isOn && canNotify && (await Notification.requestPermission()) === 'granted';
  localStorage.setItem(KEY, isAllowed ? 'on' : 'off');
  areNoticesOn.value = isAllowed;
  return isAllowed;
}

/** Tells of messages in rooms that are not looked at, from now on. */
export function startNotices(): void {
  client.on('message', ({ room, message }) => {
    if (!areNoticesOn.value || !isNews(room, message)) return;
    setTimeout(() => {
      if (areNoticesOn.value && client.rooms.get(room.id) === room && isNews(room, message)) void show(room, message);
    }, WAIT_MS);
  });
}

/** Chrome on Android has the class, and makes none of it. While nothing is allowed, the attempt shows nothing. */
function isMakeable(): boolean {
  if (Notification.permission === 'granted') return true;
  try {
    return Boolean(new Notification(''));
  } catch {
    return false;
  }
}

/** Whether the reader wants to be told of a message, and has not seen it. */
function isNews(room: RoomState, message: MessageView): boolean {
  const { view } = room;
  const { senderId, seq, mentions } = message;
  if (!view || seq === null || seq <= room.readSeq || senderId === client.user?.id) return false;
  if (Date.now() - Date.parse(message.createdAt) > FRESH_MS || isLookedAt(room.id)) return false;
  if (isMuted(view) || view.notify === 'none' || isBlocked(senderId)) return false;
  const isMeant = mentions.includes(client.user?.id ?? '') || mentions.includes('all');
  return view.notify === 'all' || isMeant;
}

const isLookedAt = (roomId: string): boolean =>
  document.hasFocus() && route.value.at === 'room' && route.value.roomId === roomId;

async function show({ id, view }: RoomState, message: MessageView): Promise<void> {
  if (!view) return;
  const sender = userOf(message.senderId ?? '') ?? (await senderOf(message));
  const said = contentOf(message);
  const body = view.kind === 'direct' || !sender ? said : `${nameOf(sender)}: ${said}`;
  // One for each room: the newest takes the place of the one before.
  const notice = made(titleOf(view), { body, tag: id, icon: sender?.avatarUrl ?? undefined });
  notice?.addEventListener('click', () => {
    window.focus();
    go({ at: 'room', roomId: id });
    notice.close();
  });
}

/** Where the browser makes none, the switch says so from now on. */
function made(title: string, options: NotificationOptions): Notification | null {
  try {
    return new Notification(title, options);
  } catch {
    areNoticesOn.value = false;
    return null;
  }
}

async function senderOf({ senderId }: MessageView) {
  const user = senderId === null ? null : await client.rest.user(senderId).catch(() => null);
  if (user) keepUsers([user]);
  return user;
}
