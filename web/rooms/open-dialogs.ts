import { signal } from '@preact/signals';

/** A dialog about a room, or about making one. */
export type RoomDialog =
  { readonly kind: 'create' } | { readonly kind: 'settings' | 'members' | 'invites' | 'own'; readonly roomId: string };

/** The one that is open. */
export const roomDialog = signal<RoomDialog | null>(null);

/** Whether the people of the open room are shown beside it, where there is space for them. */
export const isPeopleShown = signal(localStorage.getItem('parley.people') !== 'hidden');

const PEOPLE_BESIDE = matchMedia('(min-width: 1100px)');

export const openCreateRoom = (): void => void (roomDialog.value = { kind: 'create' });
/** Name, topic, picture and how the room is run. */
export const openRoomSettings = (roomId: string): void => void (roomDialog.value = { kind: 'settings', roomId });
/** Who is in it, and what may be done about them. */
export const openMembers = (roomId: string): void => void (roomDialog.value = { kind: 'members', roomId });
/** Links that let people in. */
export const openInvites = (roomId: string): void => void (roomDialog.value = { kind: 'invites', roomId });
/** What the reader has set for himself here: notices, silence, a name of his own. */
export const openOwnSettings = (roomId: string): void => void (roomDialog.value = { kind: 'own', roomId });
export const closeRoomDialog = (): void => void (roomDialog.value = null);

/** Shows or hides the room's people: beside it on a wide page, as a dialog on a narrow one. */
export function togglePeople(roomId: string): void {
  if (!PEOPLE_BESIDE.matches) return openMembers(roomId);
  isPeopleShown.value = !isPeopleShown.value;
  localStorage.setItem('parley.people', isPeopleShown.value ? 'shown' : 'hidden');
}
