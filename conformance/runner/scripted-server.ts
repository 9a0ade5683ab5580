import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { SUBPROTOCOL } from '../../src/protocol/subprotocol.js';
import type { Names } from './names.js';
import { ScriptedRest } from './scripted-rest.js';
import { type Json, type JsonObject, type Truth, isObject, merge, textOf } from './vector.js';
import { FIRST_TRUTH, frameOf, helloOf, truthAfter } from './wire.js';

/** A command of the client that the script has not dealt with yet, ids as names. */
export interface Asked {
  readonly event: string;
  readonly data: JsonObject;
  answer(body: JsonObject): void;
  refuse(problem: JsonObject): void;
}

/** One socket of the client. */
export interface Talk {
  readonly socket: WebSocket;
  /** Whether `session.ready` has been said and nothing has ended it. */
  isUp: boolean;
  isTaken: boolean;
}

/** Commands that need no script: they are acked at once, and can be expected all the same. */
const BY_THE_WAY: Readonly<Record<string, JsonObject>> = {
  ping: { serverTime: '2026-01-01T00:00:00.000Z' },
  'room.close': {},
  'room.typing': {},
  'presence.set': {},
  'presence.watch': { items: [] },
  'presence.unwatch': {},
};

/** A server that says what the vector says and nothing else, and keeps what the client asked until the vector asks for it. */
export class ScriptedServer {
  readonly talks: Talk[] = [];
  /** Oldest first; the runner takes out what the vector expects. */
  asked: Asked[] = [];
  pings = 0;
  /** How many connections are ended before `hello`. */
  refuses = 0;
  truth: Truth;
  readonly rest: ScriptedRest;
  readonly #standing = new Map<string, JsonObject>();
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });

  constructor(
    private readonly names: Names,
    truth: JsonObject,
  ) {
    this.truth = merge(FIRST_TRUTH as unknown as JsonObject, truth) as unknown as Truth;
    this.rest = new ScriptedRest(names, {
      truth: () => this.truth,
      changes: (data, reply) =>
        this.#take({
          event: 'room.changes',
          data,
          answer: (body) => reply(200, body),
          refuse: (problem) => reply(Number(problem['status']), problem),
        }),
    });
    this.#http = createServer(this.rest.answer);
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.refuses-- > 0) return void socket.destroy();
      this.refuses = 0;
      this.#sockets.handleUpgrade(request, socket, head, (accepted) => this.#open(accepted));
    });
  }

  /** Begins; the address to connect to. */
  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#http.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Ends everything at once. */
  async stop(): Promise<void> {
    for (const { socket } of this.talks) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((done) => this.#http.close(done));
  }

  /** The newest connection that has not ended. */
  get talk(): Talk | undefined {
    return this.talks.findLast(({ socket }) => socket.readyState === socket.OPEN);
  }

  /** Sends frames as they are in the vector, one text each or all in one. */
  send(shorts: readonly JsonObject[], asOne = false): void {
    const frames = shorts.map((short) => this.learn(short));
    if (asOne) return this.say(frames);
    for (const frame of frames) this.say(frame);
  }

  /** Takes over what a frame says for the truth; the frame in full. */
  learn(short: JsonObject): JsonObject {
    const frame = frameOf(short);
    this.truth = truthAfter(this.truth, frame);
    if (frame['event'] === 'session.expiring') this.rest.ageTokens();
    return frame;
  }

  /** Sends JSON to the newest connection. */
  say(value: Json): void {
    this.talk?.socket.send(JSON.stringify(this.names.resolve(value)));
  }

  /** Answers every such command from now on that the vector does not expect before. */
  stand(event: string, answer: JsonObject): void {
    this.#standing.set(event, answer);
  }

  #open(socket: WebSocket): void {
    const talk: Talk = { socket, isUp: false, isTaken: false };
    this.talks.push(talk);
    socket.on('error', () => undefined);
    socket.on('close', () => (talk.isUp = false));
    socket.on('message', (text: Buffer) => this.#hear(socket, text.toString()));
    socket.send(JSON.stringify(this.names.resolve(helloOf(this.truth))));
  }

  #hear(socket: WebSocket, text: string): void {
    const { id, event, data } = this.names.humanize(JSON.parse(text) as JsonObject);
    const reply = (kind: string, body: JsonObject): void => {
      if (id !== undefined) socket.send(JSON.stringify(this.names.resolve({ id, event: kind, data: body })));
    };
    this.#take({
      event: textOf(event),
      data: isObject(data) ? data : {},
      answer: (body) => reply(event === 'session.start' ? 'session.ready' : 'ack', body),
      refuse: (problem) => reply('error', problem),
    });
  }

  #take(asked: Asked): void {
    const { event, data } = asked;
    if (event === 'ping') this.pings++;
    const answer = BY_THE_WAY[event] ?? this.#standing.get(event) ?? this.#roomAnswer(event, data);
    if (answer) asked.answer(answer);
    this.asked.push(answer ? { ...asked, answer: () => undefined, refuse: () => undefined } : asked);
  }

  #roomAnswer(event: string, data: JsonObject): JsonObject | null {
    const room = this.truth.rooms[textOf(data['roomId'])];
    if (event === 'room.open') return { headRev: room?.['headRev'] ?? 0 };
    if (event !== 'room.read') return null;
    const { headSeq = 0, readSeq: known = 0, readVersion = 0 } = room ?? {};
    const readSeq = Math.max(Number(known), Number(data['readSeq'] ?? 0));
    this.truth = merge(this.truth as unknown as JsonObject, {
      rooms: { [textOf(data['roomId'])]: { readSeq } },
    }) as unknown as Truth;
    return { readSeq, readVersion, unread: Number(headSeq) - readSeq, mentions: 0 };
  }
}
