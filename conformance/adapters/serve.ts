import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { MessageView } from '../../src/protocol/views.js';

/** What the kit says to begin with. A client of one's own may take either token, and should take the times. */
export interface ConnectLine {
  readonly url: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly timing: { readonly firstRetryMs: number; readonly maxRetryMs: number; readonly graceMs: number };
}

/** A message as a client shows it. */
export interface MessageState {
  readonly id: string;
  readonly rev: number;
  readonly lastRev: number;
  readonly text: string | null;
  readonly deletedAt: string | null;
  readonly pinned: boolean;
  readonly reactions: readonly { readonly emoji: string; readonly count: number; readonly mine: boolean }[];
}

/** A room as a client shows it. */
export interface RoomLineState {
  readonly name: string | null;
  readonly lastRev: number;
  readonly unread: number;
  readonly mentions: number;
  readonly messages: readonly MessageState[];
}

/** The line that answers `state`. */
export interface ClientState {
  readonly connection: 'connecting' | 'online' | 'away' | 'stopped';
  /** Why it has stopped; null while it has not. */
  readonly code: number | null;
  /** Each time that it has chosen to wait before a reconnect, in milliseconds, oldest first. */
  readonly waits: readonly number[];
  readonly rooms: Readonly<Record<string, RoomLineState>>;
  /** Its own messages that are not known to be stored, in the order of sending. */
  readonly pending: readonly { readonly text: string; readonly state: 'waiting' | 'refused'; readonly code?: string }[];
}

/** What an adapter makes of a client. */
export interface ClientUnderTest {
  connect(line: ConnectLine): void;
  /** The user looks at a room. */
  open(roomId: string): void;
  send(roomId: string, text: string): void;
  /** Everything that there is in a room has been read. */
  read(roomId: string): void;
  /** The user has had enough; what he wrote waits. */
  close(): void;
  state(): ClientState;
}

interface Line extends ConnectLine {
  readonly do: string;
  readonly roomId: string;
  readonly text: string;
}

/** Does what the kit's lines say until they end. */
export function serve(client: ClientUnderTest, input: Readable, output: Writable): void {
  const lines = createInterface({ input });
  lines.on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.do === 'connect') client.connect(line);
    if (line.do === 'open') client.open(line.roomId);
    if (line.do === 'send') client.send(line.roomId, line.text);
    if (line.do === 'read') client.read(line.roomId);
    if (line.do === 'close') client.close();
    if (line.do === 'state') output.write(`${JSON.stringify(client.state())}\n`);
  });
  lines.on('close', () => client.close());
}

/** A message as the kit compares it. */
export const shownMessage = (message: MessageView): MessageState => {
  const { id, rev, lastRev, text, deletedAt, pinned, reactions } = message;
  const shown = reactions.map(({ emoji, count, mine = false }) => ({ emoji, count, mine }));
  return { id, rev, lastRev, text, deletedAt, pinned, reactions: shown };
};
