import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { RoomState } from '../../sdk/room-state.js';
import type { SocketClass } from '../../sdk/socket.js';
import { memoryStore } from '../../sdk/tokens.js';
import { type ClientState, type ClientUnderTest, type ConnectLine, type RoomLineState, shownMessage } from './serve.js';

/** The SDK as the kit sees it. */
export class SdkClient implements ClientUnderTest {
  readonly #waits: number[] = [];
  #client: ParleyClient | null = null;
  #connection: ClientState['connection'] = 'connecting';
  #code: number | null = null;
  readonly #sentTo = new Set<string>();

  connect({ url, refreshToken, timing }: ConnectLine): void {
    const webSocket = WebSocket as unknown as SocketClass;
    this.#client ??= new ParleyClient({ url, webSocket, login: memoryStore(refreshToken), timing });
    this.#client.on('connection', (status) => {
      this.#connection = status.state;
      if (status.state === 'away') this.#waits.push(status.retryInMs);
      this.#code = status.state === 'stopped' ? status.code : null;
    });
    // That it stopped is in its state.
    this.#client.connect().catch(() => undefined);
  }

  open(roomId: string): void {
    this.#client?.openRoom(roomId);
  }

  send(roomId: string, text: string): void {
    this.#sentTo.add(roomId);
    this.#client?.send(roomId, text);
  }

  read(roomId: string): void {
    this.#client?.read(roomId);
  }

  close(): void {
    this.#client?.close();
  }

  state(): ClientState {
    const rooms = [...(this.#client?.rooms ?? [])].map(([id, room]) => [id, roomOf(room)] as const);
    const pending = [...this.#sentTo].flatMap((roomId) => this.#client?.pending(roomId) ?? []);
    return {
      connection: this.#connection,
      code: this.#code,
      waits: this.#waits,
      rooms: Object.fromEntries(rooms),
      pending: pending.map(({ text, state, error }) => ({ text, state, code: error?.code })),
    };
  }
}

const roomOf = ({ view, lastRev, unread, mentions, messages }: RoomState): RoomLineState => ({
  name: view?.name ?? null,
  lastRev,
  unread,
  mentions,
  messages: messages.map(shownMessage),
});
