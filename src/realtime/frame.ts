import type { DurableEvent } from '../protocol/events.js';
import type { MessageView } from '../protocol/views.js';
import { messageJson } from '../rooms/message.view.js';

/**
 * A frame on its way out, made once and shared by every connection that gets it: JSON already put into an RFC 6455
 * text frame, and the few facts that queues ask for.
 */
export interface Frame {
  /** The framed bytes; the payload begins at `headBytes`. */
  readonly bytes: Buffer;
  readonly headBytes: number;
  /** Replies are never dropped; ephemeral frames first of all; durable ones for a `room.stale`. */
  readonly kind: 'reply' | 'durable' | 'private' | 'ephemeral';
  /** The room and rev of a durable frame; '' and the userRev of a private one. */
  readonly roomId: string;
  readonly rev: number;
  /** What `room.activity` says of this frame, where its room is not open. */
  readonly headSeq?: number;
  /** Frames of one room that follow one another and travel as one; `bytes` are all of theirs, `rev` is the last one's. */
  readonly parts?: readonly Frame[];
}

type Facts = Partial<Pick<Frame, 'kind' | 'roomId' | 'rev' | 'headSeq'>>;

/** Frames a JSON text. A server's frames are not masked, so the same bytes serve every socket. */
export function frameOf(json: string, facts: Facts = {}): Frame {
  const length = Buffer.byteLength(json);
  const headBytes = headLength(length);
  const bytes = Buffer.allocUnsafe(headBytes + length);
  writeHead(bytes, length);
  bytes.write(json, headBytes);
  return { bytes, headBytes, kind: 'reply', roomId: '', rev: 0, ...facts };
}

/**
 * Frames of one room, ascending, as one that is queued and copied once: a hundred members of a room get the changes of
 * one flush as the same bytes.
 */
export function runOf(frames: readonly Frame[]): Frame {
  const last = frames[frames.length - 1];
  if (frames.length === 1) return last;
  return { ...last, bytes: Buffer.concat(frames.map((frame) => frame.bytes)), headBytes: 0, parts: frames };
}

/** The frames that a client is to read. */
export const partsOf = (frame: Frame): readonly Frame[] => frame.parts ?? [frame];

/** Several frames as one, whose payload is a JSON array: for clients that asked for batches. */
export function joinFrames(frames: readonly Frame[]): Buffer {
  const length = frames.reduce((sum, frame) => sum + frame.bytes.length - frame.headBytes + 1, 1);
  const headBytes = headLength(length);
  const bytes = Buffer.allocUnsafe(headBytes + length);
  writeHead(bytes, length);
  let at = headBytes;
  for (const frame of frames) {
    bytes[at] = at === headBytes ? OPEN : COMMA;
    at += 1 + frame.bytes.copy(bytes, at + 1, frame.headBytes);
  }
  bytes[at] = CLOSE;
  return bytes;
}

/** The text of a durable event's frame. */
export function durableText(
  roomId: string,
  change: { event: DurableEvent; rev: number; at: string; data: object },
): string {
  const { event, rev, at, data } = change;
  const json = event === 'message.created' ? messageJson(data as MessageView) : JSON.stringify(data);
  return `{"event":"${event}","roomId":"${roomId}","rev":${rev},"at":"${at}","data":${json}}`;
}

/** The revs from `fromRev` to `rev` have nothing for the reader. */
export const skipFrame = (roomId: string, fromRev: number, rev: number): Frame =>
  frameOf(JSON.stringify({ event: 'skip', roomId, fromRev, rev }), { kind: 'durable', roomId, rev });

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

const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;
/** FIN and opcode 1, text (RFC 6455, 5.2). */
const FINAL_TEXT = 0x81;

const headLength = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : 10);

function writeHead(bytes: Buffer, length: number): void {
  bytes[0] = FINAL_TEXT;
  if (length < 126) {
    bytes[1] = length;
  } else if (length < 65_536) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
}
