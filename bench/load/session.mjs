// A started session: answers find their command, room events go to a listener.
import { ClientSocket } from './client-socket.mjs';

const CREATED = '{"event":"message.created"';
const EVENT_AT = '"event":"';

export class Session {
  /** @readonly */
  #calls = new Map();
  #next = 1;
  onEvent = () => undefined;
  /** Messages that came before the session was caught up. */
  created = 0;

  constructor(socket, seat) {
    this.socket = socket;
    this.seat = seat;
    socket.onFrame = (text) => this.#take(text);
  }

  /** Opens a socket and starts the session; resolves when it is caught up, where the server tells that. */
  static async start(url, seat, { caughtUp, cursor, open, from } = {}) {
    const session = new Session(await ClientSocket.open(url, from), seat);
    const quiet = caughtUp ? session.#event('session.caughtUp') : null;
    const ready = await session.call('session.start', { token: seat.token, cursor, open });
    if (!ready.includes('session.ready')) throw new Error(`not started: ${ready.slice(0, 300)}`);
    await quiet;
    return session;
  }

  /** Sends a command; resolves with the text of its answer. */
  call(event, data) {
    const id = String(this.#next++);
    return new Promise((resolve) => {
      this.#calls.set(id, resolve);
      this.socket.send(JSON.stringify({ id, event, data }));
    });
  }

  /** Sends a message; `done` is called with the answer. Cheaper than a promise each. */
  send(roomId, id, text, done) {
    const key = String(this.#next++);
    this.#calls.set(key, done);
    this.socket.send(
      `{"id":"${key}","event":"message.send","data":{"roomId":"${roomId}","id":"${id}","text":"${text}"}}`,
    );
  }

  #event(name) {
    return new Promise((resolve) => {
      this.onEvent = (text) => {
        if (text.startsWith(CREATED)) this.created++;
        if (!text.includes(name)) return;
        this.onEvent = () => undefined;
        resolve(text);
      };
    });
  }

  #take(text) {
    // Answers begin with the id of their command, events with their name.
    if (!text.startsWith('{"id":"')) return this.onEvent(text);
    const id = text.slice(7, text.indexOf('"', 7));
    const done = this.#calls.get(id);
    this.#calls.delete(id);
    return done?.(text);
  }
}

/** The name of a frame's event. */
export function eventOf(text) {
  const at = text.indexOf(EVENT_AT) + EVENT_AT.length;
  return text.slice(at, text.indexOf('"', at));
}
