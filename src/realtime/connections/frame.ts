import type { DurableEvent } from '../../protocol/events.js';
import type { MessageView } from '../../protocol/views.js';
import { messageJson } from '../../rooms/message.view.js';

/**
 * A frame on its way out, made once and shared by every connection that gets it: JSON already put into an RFC 6455
 * text frame, and the few facts that queues ask for.
 */
export interface Frame {
  /**
   * The framed bytes, each a character (latin1); the payload begins at `headBytes`. A text and not a `Buffer`: texts are
   * joined without copying, and what a socket gets in a turn is copied once, by the write itself.
   */
  readonly bytes: string;
  readonly headBytes: number;
  /** Replies are never dropped; ephemeral frames first of all; durable ones for a `room.stale`. */
  readonly kind: 'reply' | 'durable' | 'private' | 'ephemeral';
  /** The room and rev of a durable frame; '' and the userRev of a private one. */
  readonly roomId: string;
  readonly rev: number;
  /**
   * The rev of the message that changed, where it had been sent before; 0 of everything else. Of frames that travel as one,
   * whether there is such a one among them.
   */
  readonly about: number;
  /** What `room.activity` says of this frame, where its room is not open. */
  readonly headSeq: number | undefined;
  /** Frames of one room that follow one another and travel as one; `bytes` are all of theirs, `rev` is the last one's. */
  readonly parts: readonly Frame[] | undefined;
}

type Facts = Partial<Pick<Frame, 'kind' | 'roomId' | 'rev' | 'about' | 'headSeq'>>;

/** Frames a JSON text. A server's frames are not masked, so the same bytes serve every socket. */
export function frameOf(json: string, { kind = 'reply', roomId = '', rev = 0, about = 0, headSeq }: Facts = {}): Frame {
  const length = Buffer.byteLength(json);
  const payload = length === json.length ? json : Buffer.from(json).toString('latin1');
  const head = headOf(length);
  return { bytes: head + payload, headBytes: head.length, kind, roomId, rev, about, headSeq, parts: undefined };
}

/** The JSON text of a frame. */
export const payloadOf = ({ bytes, headBytes }: Frame): string =>
  Buffer.from(bytes.slice(headBytes), 'latin1').toString();

/** The payloads, as bytes that are characters, of framed bytes that follow one another: what `frameOf` put into them. */
export function payloadsIn(bytes: string): string[] {
  const payloads: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = bytes.charCodeAt(at + 1);
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    let length = short < 126 ? short : 0;
    for (let i = at + 2; i < start; i++) length = length * 256 + bytes.charCodeAt(i);
    at = start + length;
    payloads.push(bytes.slice(start, at));
  }
  return payloads;
}

/**
 * Frames of one room, ascending, as one that is queued and joined once: a hundred members of a room get the changes of
 * one flush as the same bytes.
 */
export function runOf(frames: readonly Frame[]): Frame {
  const last = frames[frames.length - 1];
  if (frames.length === 1) return last;
  const about = Number(frames.some((frame) => frame.about > 0));
  return { ...last, about, bytes: frames.map((frame) => frame.bytes).join(''), headBytes: 0, parts: frames };
}

/** The frames that a client is to read. */
export const partsOf = (frame: Frame): readonly Frame[] => frame.parts ?? [frame];

/** The bytes of several frames as one, whose payload is a JSON array: for clients that asked for batches. */
export function joinFrames(frames: readonly Frame[]): string {
  const payload = `[${frames.map(({ bytes, headBytes }) => bytes.slice(headBytes)).join(',')}]`;
  return headOf(payload.length) + payload;
}

/** Events whose data is a message. */
const SHOWS_MESSAGE: ReadonlySet<DurableEvent> = new Set([
  'message.created',
  'message.edited',
  'message.deleted',
  'message.pinned',
]);

/** The text of a durable event's frame. */
export function durableText(
  roomId: string,
  change: { event: DurableEvent; rev: number; at: string; data: object },
): string {
  const { event, rev, at, data } = change;
  const json = SHOWS_MESSAGE.has(event) ? messageJson(data as MessageView) : JSON.stringify(data);
  return `{"event":"${event}","roomId":"${roomId}","rev":${rev},"at":"${at}","data":${json}}`;
}

/** The revs from `fromRev` to `rev` have nothing for the reader. */
export const skipFrame = (
  roomId: string,
  { fromRev, rev, headSeq }: { readonly fromRev: number; readonly rev: number; readonly headSeq?: number },
): Frame => frameOf(JSON.stringify({ event: 'skip', roomId, fromRev, rev }), { kind: 'durable', roomId, rev, headSeq });

/** The client is told to pull the room's changes instead of getting them here. */
export const staleFrame = (roomId: string, headRev: number): Frame =>
  frameOf(JSON.stringify({ event: 'room.stale', roomId, data: { headRev } }), {
    kind: 'durable',
    roomId,
    rev: headRev,
  });

/** An ephemeral event: no rev, may be lost. */
export const ephemeralFrame = (event: string, data: object, roomId?: string): Frame =>
  frameOf(JSON.stringify({ event, roomId, data }), { kind: 'ephemeral' });

/** FIN and opcode 1, text (RFC 6455, 5.2). */
const FINAL_TEXT = '\x81';

function headOf(length: number): string {
  if (length < 126) return FINAL_TEXT + String.fromCharCode(length);
  if (length < 65_536) return FINAL_TEXT + String.fromCharCode(126, length >> 8, length & 255);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(length));
  return `${FINAL_TEXT}\x7f${size.toString('latin1')}`;
}
