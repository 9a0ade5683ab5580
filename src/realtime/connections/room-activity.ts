import type { TypeOf } from '../../protocol/schema.js';
import type { EPHEMERAL_EVENTS } from '../../protocol/events.js';
import type { MessageView } from '../../protocol/views.js';
import { type Frame, payloadOf } from './frame.js';

type Activity = TypeOf<(typeof EPHEMERAL_EVENTS)['room.activity']>;

/** The latest that happened in each room that a connection does not have open. */
export class RoomActivity {
  private latest: Map<string, Frame> | null = null;

  note(frame: Frame): void {
    this.latest ??= new Map();
    this.latest.set(frame.roomId, frame.parts?.at(-1) ?? frame);
  }

  /** What was noted since the last call, one item a room. */
  take(): Activity[] {
    if (!this.latest) return [];
    const items = [...this.latest.values()].map(toActivity);
    this.latest = null;
    return items;
  }
}

function toActivity(frame: Frame): Activity {
  const { roomId, rev, headSeq } = frame;
  const { event, data } = JSON.parse(payloadOf(frame)) as { event: string; data?: MessageView };
  const preview =
    event === 'message.created' && data ? { id: data.id, senderId: data.senderId, text: data.text } : null;
  return { roomId, headSeq: headSeq ?? 0, headRev: rev, mentions: 0, preview };
}
