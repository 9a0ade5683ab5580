import type { TypeOf } from '../../protocol/schema.js';
import type { EPHEMERAL_EVENTS } from '../../protocol/events.js';
import { previewOf } from '../../protocol/preview.js';
import type { MessageView, ReadView } from '../../protocol/views.js';
import { type Frame, partsOf, payloadOf } from './frame.js';

/** What `room.activity` says of a room, but for the mentions, which only the database knows. */
export type Activity = Omit<TypeOf<(typeof EPHEMERAL_EVENTS)['room.activity']>, 'mentions'>;

const CREATED = '{"event":"message.created"';
const READ_UPDATED = '"event":"read.updated"';
/** Stands in the frame of a message that speaks to anybody; in a text its quotation marks would be escaped. */
const SPEAKS = '"mentions":["';

/** What is known of a room that is to be told of. */
interface Noted {
  readonly headRev: number;
  readonly headSeq: number;
  /** The newest message that came since the room was told of. */
  readonly newest: Frame | null;
}

/** The latest that happened in each room that a connection does not have open. */
export class RoomActivity {
  private latest: Map<string, Noted> | null = null;
  /** Rooms in which there may be unread messages that speak to the user, and how often there was reason to think so. */
  private speaking: Map<string, number> | null = null;

  /** A frame of a room; a run of them holds the room's head with its last one. */
  note(frame: Frame): void {
    const { roomId } = frame;
    this.latest ??= new Map();
    const known = this.latest.get(roomId);
    const parts = partsOf(frame);
    const { rev, headSeq = 0 } = parts[parts.length - 1];
    const newest = parts.findLast(isMessage) ?? known?.newest ?? null;
    this.latest.set(roomId, { headRev: rev, headSeq: Math.max(headSeq, known?.headSeq ?? 0), newest });
    if (frame.bytes.includes(SPEAKS)) this.expectMentions(roomId);
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

  /** What was noted of a room, once; null where nothing was. */
  take(roomId: string): Activity | null {
    const noted = this.latest?.get(roomId);
    this.latest?.delete(roomId);
    if (this.latest?.size === 0) this.latest = null;
    if (!noted) return null;
    const { headRev, headSeq, newest } = noted;
    return { roomId, headSeq, headRev, preview: newest && toPreview(newest) };
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

const isMessage = ({ bytes, headBytes }: Frame): boolean => bytes.startsWith(CREATED, headBytes);

function toPreview(frame: Frame): Activity['preview'] {
  const { data } = JSON.parse(payloadOf(frame)) as { data: MessageView };
  return { id: data.id, senderId: data.senderId, text: data.text === null ? null : previewOf(data.text) };
}
