import { signal } from '@preact/signals';

/** Whose card is open. */
export const openCard = signal<string | null>(null);

/** Opens somebody's card: his profile, and what one may do: write to him, befriend, call him something, block. */
export function openPerson(userId: string): void {
  openCard.value = userId;
}

export function closePerson(): void {
  openCard.value = null;
}
