import { setTimeout as pause } from 'node:timers/promises';
import { newUlid } from '../support/world.js';
import { FaultDevice } from './device.js';
import { type Ack, type Attempt, type Mark, type Refusal, textOf } from './history.js';
import { toSeen } from './room-copy.js';
import { type RestAnswer, call } from './rest.js';
import type { FaultWorld } from './fault-world.js';

const RETRY_MS = 50;
/** More than any fault lasts; a server with a bug may never answer. */
const MOST_TRIES = 1200;
/** Refusals after which the same send may be taken later. */
const PASSING = ['UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED', 'INTERNAL', 'NOT_STARTED'];

/** Somebody with several devices, all of whose doings are in the history. */
export class Person {
  readonly devices: FaultDevice[] = [];
  private texts = 0;

  constructor(
    private readonly world: FaultWorld,
    readonly id: string,
    readonly token: string,
  ) {}

  /** Connects that many devices. */
  async connect(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { history } = this.world;
      const name = `${this.id}/${this.devices.length}`;
      const url = () => this.world.url;
      this.devices.push(new FaultDevice({ history, url, userId: this.id, name, token: this.token }));
    }
    await Promise.all(this.devices.slice(-count).map((device) => device.connect()));
  }

  /**
   * Sends a message and repeats it, over whichever transport, until its fate is known. Returns its id.
   *
   * @param again sends it as often after that, as a client does that did not hear the answer
   */
  async send(roomId: string, again = 0): Promise<string> {
    const { random, textLength } = this.world;
    const message = { roomId, id: newUlid(), text: `${this.id} says ${++this.texts}`.padEnd(textLength) };
    for (let i = 0; i <= again; i++) {
      for (let tries = 0; tries < MOST_TRIES && !(await this.attempt(message)).isKnown; tries++) await pause(RETRY_MS);
      if (i < again) await pause(random.between(0, 500));
    }
    return message.id;
  }

  /** One attempt; its fate is known when it was acked or refused for good. Now and then over REST, if not told how. */
  async attempt(
    message: { readonly roomId: string; readonly id: string; readonly text: string },
    way: 'socket' | 'rest' = this.world.random.chance(0.15) ? 'rest' : 'socket',
  ): Promise<{ isKnown: boolean }> {
    const { history } = this.world;
    const at = history.now();
    const text = textOf(message.text) ?? '';
    const attempt: Attempt = { userId: this.id, ...message, text, at, endedAt: null, outcome: null };
    history.attempts.push(attempt);
    const outcome = way === 'rest' ? await this.post(message) : await this.sendFrame(message);
    if (outcome === null) return { isKnown: false };
    attempt.endedAt = history.now();
    attempt.outcome = outcome;
    return { isKnown: outcome.kind === 'acked' || !PASSING.includes(outcome.code) };
  }

  /** Looks at the newest page of a room, or at its last changes. */
  async look(roomId: string): Promise<void> {
    const { history, random } = this.world;
    const at = history.now();
    const answer = await this.rest('GET', `/rooms/${roomId}/messages?limit=${random.between(1, 100)}`);
    if (!answer || answer.status >= 500) return;
    const items = answer.status === 200 ? (answer.body.items as Record<string, any>[]).map(toSeen) : null;
    history.looks.push({ userId: this.id, roomId, at, endedAt: history.now(), items });
  }

  /** Marks the room as read up to a number of those that he may know. */
  async read(roomId: string, readSeq: number): Promise<void> {
    const { history } = this.world;
    const at = history.now();
    const mark: Mark = { userId: this.id, roomId, asked: readSeq, at, endedAt: null, readSeq: null };
    history.marks.push(mark);
    const answer = await this.rest('POST', `/rooms/${roomId}/read`, { readSeq });
    if (answer?.status !== 200) return;
    mark.readSeq = Number(answer.body.readSeq);
    mark.endedAt = history.now();
  }

  /** Asks how much is unread, and returns where the room stands; 0 without an answer. */
  async count(roomId: string): Promise<number> {
    const { history } = this.world;
    const at = history.now();
    const answer = await this.rest('GET', `/rooms/${roomId}`);
    if (answer?.status !== 200) return 0;
    history.counts.push({ userId: this.id, roomId, at, endedAt: history.now(), unread: Number(answer.body.unread) });
    return Number(answer.body.headSeq);
  }

  /** Removes or adds a member, and tries until it is done. */
  async move(kind: 'removed' | 'added', roomId: string, userId: string): Promise<void> {
    const { history } = this.world;
    const move = { kind, userId, roomId, at: history.now(), endedAt: null as number | null };
    history.moves.push(move);
    const method = kind === 'removed' ? 'DELETE' : 'PUT';
    const body = kind === 'removed' ? undefined : {};
    for (;;) {
      const answer = await this.rest(method, `/rooms/${roomId}/members/${userId}`, body);
      if (answer && answer.status < 500) break;
      await pause(RETRY_MS);
    }
    move.endedAt = history.now();
  }

  rest(method: string, path: string, body?: unknown): Promise<RestAnswer | null> {
    return call(this.world.url, { method, path, token: this.token, body });
  }

  private async post({
    roomId,
    id,
    text,
  }: {
    roomId: string;
    id: string;
    text: string;
  }): Promise<Ack | Refusal | null> {
    const answer = await this.rest('POST', `/rooms/${roomId}/messages`, { id, text });
    if (!answer) return null;
    const { status, body } = answer;
    if (status >= 300) return { kind: 'refused', code: body.code };
    return { kind: 'acked', seq: body.seq, rev: body.rev, duplicate: status === 200 };
  }

  private async sendFrame(message: object): Promise<Ack | Refusal | null> {
    const device = this.world.random.pick(this.devices);
    const answer = await device.call('message.send', message);
    if (!answer) return null;
    const { data } = answer;
    if (answer.event === 'error') return { kind: 'refused', code: data.code };
    return { kind: 'acked', seq: data.seq, rev: data.rev, duplicate: data.duplicate };
  }
}
