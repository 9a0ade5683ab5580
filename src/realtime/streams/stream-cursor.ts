import { ChatError } from '../../common/chat-error.js';
import type { SessionReady } from '../../protocol/commands.js';
import { isUlid } from '../../protocol/ulid.js';

/** Characters of a cursor that is made: it comes back in a header, of which proxies take 8 KiB. */
const MADE_LENGTH = 6144;
/** Characters of a cursor that is read. */
const READ_LENGTH = 8000;
/** Revs are written with this base. */
const BASE = 36;
const ULID_LENGTH = 26;
const EPOCH = /^[\w-]{1,64}$/;
const REV = /^(0|[1-9a-z][\da-z]{0,10})$/;

/** Up to where a client has been told of everything, as its last `id:` says. */
export interface StreamCursor {
  readonly epoch: string;
  readonly userRev: number;
  /** Revs by room, the latest change first. */
  readonly rooms: Readonly<Record<string, number>>;
}

/**
 * Reads what `encode` of a position made, `Last-Event-ID` of a client that comes back. It was in strange hands: nothing
 * but its shape may be relied on.
 *
 * @throws ChatError `VALIDATION_FAILED` when it is not of this shape
 */
export function decodeStreamCursor(text: string): StreamCursor {
  const [epoch, userRev, ...rooms] = text.length > READ_LENGTH ? [] : text.split('.');
  if (!EPOCH.test(epoch ?? '') || !isRev(userRev ?? '') || !rooms.every(isRoom)) {
    const errors = [{ path: 'Last-Event-ID', code: 'cursor', message: 'must be an id of this stream' }];
    throw new ChatError('VALIDATION_FAILED', { errors });
  }
  return {
    epoch,
    userRev: parseInt(userRev, BASE),
    rooms: Object.fromEntries(
      rooms.map((room) => [room.slice(0, ULID_LENGTH), parseInt(room.slice(ULID_LENGTH), BASE)]),
    ),
  };
}

const isRev = (text: string): boolean => REV.test(text) && Number.isSafeInteger(parseInt(text, BASE));

const isRoom = (text: string): boolean => isUlid(text.slice(0, ULID_LENGTH)) && isRev(text.slice(ULID_LENGTH));

/** Up to where a stream has told its client of everything, room by room. */
export class StreamPosition {
  /** In the order of their last change, the latest at the end. */
  private readonly rooms = new Map<string, number>();
  private epoch = '';
  private userRev = 0;

  /**
   * The position behind `session.ready`: rooms of the cursor stand where it says, since what is missing of them follows;
   * all others at their heads. Rooms that are not the user's any more are left out.
   */
  begin({ epoch, userRev, rooms, more, reset }: SessionReady, cursor: StreamCursor | null): void {
    this.epoch = epoch;
    this.userRev = userRev;
    const known = reset ? [] : Object.entries(cursor?.rooms ?? {}).reverse();
    for (const { roomId, headRev } of rooms) this.rooms.set(roomId, headRev);
    for (const [roomId, rev] of known) if (more || this.rooms.has(roomId)) this.moveRoom(roomId, rev);
  }

  /** A room's change was told, or that the room is to be pulled up to there. */
  moveRoom(roomId: string, rev: number): void {
    this.rooms.delete(roomId);
    this.rooms.set(roomId, rev);
  }

  moveUser(userRev: number): void {
    this.userRev = userRev;
  }

  dropRoom(roomId: string): void {
    this.rooms.delete(roomId);
  }

  /** As a text of at most 6 KiB; of more rooms than that those that changed last. */
  encode(): string {
    let text = `${this.epoch}.${this.userRev.toString(BASE)}`;
    for (const [roomId, rev] of [...this.rooms].reverse()) {
      const room = `.${roomId}${rev.toString(BASE)}`;
      if (text.length + room.length > MADE_LENGTH) break;
      text += room;
    }
    return text;
  }
}
