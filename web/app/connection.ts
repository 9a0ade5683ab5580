import { signal } from '@preact/signals';
import type { ConnectionStatus } from '../../sdk/link.js';

/** How the connection stands; null before the first attempt. */
export const connection = signal<ConnectionStatus | null>(null);

/** Whether somebody is signed in on this page. */
export const isSignedIn = signal(false);
