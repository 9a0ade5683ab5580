import { describe, expect, it } from 'vitest';
import { type RuleName, RULES, check } from './checker.js';
import { type Device, History, type SeenMessage } from './history.js';
import type { Store, StoredMessage } from './store.js';

const [ann, bob] = ['ann', 'bob'];
const room = 'room';
const phone: Device = { name: 'phone', userId: bob };

/** A short history in which everything is right, and its rows; each case breaks one thing. */
class Scene {
  readonly history = new History();
  readonly rows: StoredMessage[] = [];
  readonly heads = { headRev: 0, headSeq: 0 };

  /** A message that is sent, stored, acked and told. */
  say(id: string, userId = ann): void {
    const { history } = this;
    const at = history.now();
    const [rev, seq] = [++this.heads.headRev, ++this.heads.headSeq];
    const message = { id, rev, seq, senderId: userId, text: id };
    this.rows.push({ ...message, roomId: room, kind: 'text' });
    const outcome = { kind: 'acked', seq, rev, duplicate: false } as const;
    history.attempts.push({ userId, roomId: room, id, text: id, at, endedAt: history.now(), outcome });
    this.tell('frame', rev, message);
  }

  tell(kind: 'begin' | 'frame' | 'gone', rev: number, message: SeenMessage | null = null): void {
    const { history } = this;
    history.told.push({ device: phone, connection: 1, roomId: room, at: history.now(), kind, rev, message });
  }

  /** A page that is asked for and answered now. */
  look(userId: string, items: readonly StoredMessage[] = this.rows): void {
    const { history } = this;
    history.looks.push({ userId, roomId: room, at: history.now(), endedAt: history.now(), items: items.map(seen) });
  }

  count(unread: number): void {
    const { history } = this;
    history.counts.push({ userId: bob, roomId: room, at: history.now(), endedAt: history.now(), unread });
  }

  mark(asked: number, readSeq = asked): void {
    const { history } = this;
    history.marks.push({ userId: bob, roomId: room, asked, at: history.now(), endedAt: history.now(), readSeq });
  }

  remove(userId: string): void {
    const { history } = this;
    history.moves.push({ kind: 'removed', userId, roomId: room, at: history.now(), endedAt: history.now() });
  }

  get store(): Store {
    const members = [ann, bob].map((userId) => ({ roomId: room, userId, readSeq: 0 }));
    return { rooms: [{ id: room, ...this.heads }], messages: this.rows, members };
  }

  /** The names of the rules that are broken. */
  broken(): string[] {
    return Object.keys(check(this.history, this.store));
  }
}

const seen = ({ id, rev, seq, senderId, text }: StoredMessage): SeenMessage => ({ id, rev, seq, senderId, text });

function quiet(): Scene {
  const scene = new Scene();
  scene.tell('begin', 0);
  for (const id of ['m1', 'm2', 'm3']) scene.say(id);
  scene.look(ann);
  scene.mark(1);
  scene.count(2);
  const ids = new Set(scene.rows.map(({ id }) => id));
  scene.history.copies.push({ device: phone, roomId: room, from: 0, rev: 3, ids });
  return scene;
}

function changeRow(scene: Scene, index: number, change: Partial<StoredMessage>): void {
  scene.rows[index] = { ...scene.rows[index], ...change };
}

const BROKEN: Record<RuleName, (scene: Scene) => void> = {
  'an acked message is stored': (scene) => void scene.rows.pop(),
  "an ack's numbers are the stored ones": (scene) => changeRow(scene, 2, { seq: 4 }),
  'an id is stored once': (scene) => void scene.rows.push({ ...scene.rows[2], rev: 4, seq: 4 }),
  'one text is stored once': (scene) => void scene.rows.push({ ...scene.rows[2], id: 'other', rev: 4, seq: 4 }),
  'an id is acked as new once': ({ history }) => void history.attempts.push(history.attempts[0]),
  'seq is 1, 2, 3 … without a hole': (scene) => changeRow(scene, 1, { seq: 1 }),
  'rev is 1, 2, 3 … without a hole': (scene) => void scene.rows.splice(1, 1),
  'heads are the last numbers': (scene) => (scene.heads.headRev = 4),
  'nothing is stored that nobody sent': (scene) => changeRow(scene, 0, { text: 'other words' }),
  'what was refused for certain is not stored': ({ history: { attempts } }) =>
    (attempts[0].outcome = { kind: 'refused', code: 'UNAVAILABLE' }),
  'acked before another was sent stands before it': (scene) => {
    changeRow(scene, 0, { rev: 2 });
    changeRow(scene, 1, { rev: 1 });
    scene.rows.sort((a, b) => a.rev - b.rev);
  },
  'who sent a message sees it in his next page': (scene) => scene.look(ann, scene.rows.slice(0, 2)),
  'a later page never ends lower': (scene) => scene.look(bob, scene.rows.slice(0, 2)),
  'a connection is told the revs of a room in order without a hole': (scene) => scene.tell('frame', 5),
  'a device shows a message once': ({ history }) =>
    void history.repeats.push({ device: phone, roomId: room, id: 'm1' }),
  'what is seen is what is stored': (scene) => changeRow(scene, 0, { senderId: bob }),
  'a member has reached the head at the end': ({ history }) => (history.copies[0] = { ...history.copies[0], rev: 2 }),
  'a device has everything that it followed': ({ history }) =>
    (history.copies[0] = { ...history.copies[0], ids: new Set(['m1', 'm3']) }),
  'nothing reaches a removed member that was sent after his removal': (scene) => {
    scene.remove(bob);
    scene.say('m4');
  },
  'nothing of a removed member is taken': (scene) => {
    scene.remove(bob);
    scene.say('m4', bob);
  },
  'no page is shown after a removal': (scene) => {
    scene.remove(bob);
    scene.look(bob);
  },
  'unread lies between what is sure and what is possible': (scene) => scene.count(1),
  'a read mark only rises': (scene) => scene.mark(3, 0),
};

describe('the history checker', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(quiet().broken()).toEqual([]);
  });

  it('has a case for every rule', () => {
    expect(Object.keys(BROKEN).sort()).toEqual(Object.keys(RULES).sort());
  });

  it.each(Object.entries(BROKEN))('sees that it is broken: %s', (rule, breakIt) => {
    const scene = quiet();
    breakIt(scene);
    expect(scene.broken()).toContain(rule);
  });

  it('lets pass what nobody can know', () => {
    const scene = quiet();
    const { history } = scene;
    // No answer came, and it is stored; a removal was asked for, and never answered.
    history.attempts[2].outcome = null;
    history.moves.push({ kind: 'removed', userId: bob, roomId: room, at: history.now(), endedAt: null });
    scene.look(bob);
    expect(scene.broken()).toEqual([]);
  });
});
