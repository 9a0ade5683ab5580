import { signal } from '@preact/signals';

/** Whose card is open, and in which room he was met. */
export const openCard = signal<{ readonly userId: string; readonly roomId?: string } | null>(null);

/** Opens somebody's card: his profile, and what one may do: write to him, befriend, call him something, block. */
export function openPerson(userId: string, roomId?: string): void {
  openCard.value = { userId, roomId };
}

export function closePerson(): void {
  openCard.value = null;
}
