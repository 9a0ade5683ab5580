import type { Events } from '../src/protocol/events.js';

/** Who is told of no more for this long has stopped, in milliseconds (protocol, Typing). */
const LASTS_MS = 6000;

/** Somebody has begun to write in a room, or has stopped. */
export type TypingNews = Events['typing'] & { readonly roomId: string };

/** Who is writing where. It ends by itself: after six seconds without news, with a message, and with the connection. */
export class TypingBook {
  readonly #rooms = new Map<string, Map<string, ReturnType<typeof setTimeout>>>();

  constructor(private readonly told: (news: TypingNews) => void) {}

  /** The ids of those who are writing in a room, the one who began first in front. */
  in(roomId: string): readonly string[] {
    return [...(this.#rooms.get(roomId)?.keys() ?? [])];
  }

  /** A `typing` frame. */
  receive({ roomId, userId, typing }: TypingNews): void {
    if (!typing) return this.stop(roomId, userId);
    const room = this.#rooms.get(roomId) ?? new Map<string, ReturnType<typeof setTimeout>>();
    this.#rooms.set(roomId, room);
    clearTimeout(room.get(userId));
    room.set(
      userId,
      setTimeout(() => this.stop(roomId, userId), LASTS_MS),
    );
    this.told({ roomId, userId, typing });
  }

  /** He has stopped: his message has come, or he has left. */
  stop(roomId: string, userId: string): void {
    const room = this.#rooms.get(roomId);
    if (!room?.has(userId)) return;
    clearTimeout(room.get(userId));
    room.delete(userId);
    if (room.size === 0) this.#rooms.delete(roomId);
    this.told({ roomId, userId, typing: false });
  }

  /** Nobody can be told of any more. */
  clear(): void {
    for (const [roomId, room] of this.#rooms) for (const userId of room.keys()) this.stop(roomId, userId);
  }
}
