import type { TypeOf } from '../../protocol/schema.js';
import type { EPHEMERAL_EVENTS } from '../../protocol/events.js';
import type { MessageView, ReadView } from '../../protocol/views.js';
import { type Frame, partsOf, payloadOf } from './frame.js';

/** What `room.activity` says of a room, but for the mentions, which only the database knows. */
export type Activity = Omit<TypeOf<(typeof EPHEMERAL_EVENTS)['room.activity']>, 'mentions'>;

const READ_UPDATED = '"event":"read.updated"';
/** Stands in the frame of a message that speaks to anybody; in a text its quotation marks would be escaped. */
const SPEAKS = '"mentions":["';

/** The latest that happened in each room that a connection does not have open. */
export class RoomActivity {
  private latest: Map<string, Frame> | null = null;
  /** Rooms in which there may be unread messages that speak to the user, and how often there was reason to think so. */
  private speaking: Map<string, number> | null = null;

  note(frame: Frame): void {
    this.latest ??= new Map();
    const parts = partsOf(frame);
    this.latest.set(frame.roomId, parts[parts.length - 1]);
    if (frame.bytes.includes(SPEAKS)) this.expectMentions(frame.roomId);
  }

  /** A frame about the user himself: his read mark may have moved back, on any of his devices. */
  noteOwn(frame: Frame): void {
    if (!frame.bytes.includes(READ_UPDATED)) return;
    const { data } = JSON.parse(payloadOf(frame)) as { data: ReadView };
    if (data.mentions > 0) this.expectMentions(data.roomId);
  }

  /** The rooms of which there is something to tell. */
  rooms(): readonly string[] {
    return this.latest ? [...this.latest.keys()] : [];
  }

  /** What was noted last of a room, once; null where nothing was. */
  take(roomId: string): Activity | null {
    const frame = this.latest?.get(roomId);
    this.latest?.delete(roomId);
    if (this.latest?.size === 0) this.latest = null;
    return frame ? toActivity(frame) : null;
  }

  /** The room may hold unread mentions. */
  expectMentions(roomId: string): void {
    this.speaking ??= new Map();
    this.speaking.set(roomId, (this.speaking.get(roomId) ?? 0) + 1);
  }

  /** What `clearMentions` is to be called with; 0 where the room holds no unread mention for sure. */
  expectedMentions(roomId: string): number {
    return this.speaking?.get(roomId) ?? 0;
  }

  /** There was none when they were counted, after `expected` was asked for. */
  clearMentions(roomId: string, expected: number): void {
    if (this.speaking?.get(roomId) === expected) this.speaking.delete(roomId);
  }
}

function toActivity(frame: Frame): Activity {
  const { roomId, rev, headSeq } = frame;
  const { event, data } = JSON.parse(payloadOf(frame)) as { event: string; data?: MessageView };
  const preview =
    event === 'message.created' && data ? { id: data.id, senderId: data.senderId, text: data.text } : null;
  return { roomId, headSeq: headSeq ?? 0, headRev: rev, preview };
}
