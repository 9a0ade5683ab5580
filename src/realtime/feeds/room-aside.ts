import type { Audience } from '../../events/chat-events.js';

/** What somebody does in a room by the way, as it travels on the room's channel beside the changes. */
export interface RoomAside extends Omit<Audience, 'roomId'> {
  /** Whom it is about; he is not told. */
  readonly userId: string;
  /** The frame's JSON. */
  readonly text: string;
}

/** No change begins with it: they begin with a number. */
const MARK = '{';

export const isAside = (message: string): boolean => message.startsWith(MARK);

export const encodeAside = (aside: RoomAside): string => JSON.stringify(aside);

/** Only nodes of this installation publish them, so their shape is trusted. */
export const decodeAside = (message: string): RoomAside => JSON.parse(message) as RoomAside;
