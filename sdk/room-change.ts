import type { RoomUpdated } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import type { MessageView, RoomView } from '../src/protocol/views.js';

/** One durable change of a room, live or caught up. */
export interface Change {
  readonly rev: number;
  readonly event: string;
  readonly data: unknown;
}

/** What a change of a room says of the room itself. */
export const fieldsOf = ({ notice: _, ...fields }: RoomUpdated): RoomView => fields;

/** The first rev that a frame covers. */
export const firstRev = (frame: ServerFrame): number => frame.fromRev ?? frame.rev ?? 0;

/** The message that a change carries: itself, or the notice of a change of members or settings. */
export function messageOf({ event, data }: Change): MessageView | null {
  if (event.startsWith('message.') && isMessage(data)) return data;
  const notice = (data as { readonly notice?: unknown } | null)?.notice;
  return isMessage(notice) ? notice : null;
}

/** The messages that changes carry. */
export const messagesOf = (changes: readonly Change[]): MessageView[] =>
  changes.map((change) => messageOf(change)).filter((message) => message !== null);

function isMessage(value: unknown): value is MessageView {
  return typeof value === 'object' && value !== null && 'lastRev' in value && 'rev' in value && 'id' in value;
}
