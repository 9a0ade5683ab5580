import { describe, expect, it } from 'vitest';
import { MessageWindow } from './message-window.js';
import { messageOf } from './testing/fake-room.js';

const message = (rev: number, fields: { lastRev?: number; text?: string } = {}) =>
  messageOf({ id: `m${rev}`, roomId: 'r', rev, seq: rev, ...fields });
const revs = (window: MessageWindow) => window.messages.map(({ rev }) => rev);

describe('MessageWindow', () => {
  it('keeps rev order whatever the order of arrival', () => {
    const window = new MessageWindow(1, 100);
    for (const rev of [3, 1, 2, 5, 4]) expect(window.put(message(rev))).toBe('added');
    expect(revs(window)).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes a copy only when it is newer than the one it has', () => {
    const window = new MessageWindow(1, 100);
    window.put(message(1, { text: 'first' }));
    expect(window.put(message(1, { text: 'first' }))).toBe('ignored');
    expect(window.put(message(1, { lastRev: 9, text: 'newest' }))).toBe('changed');
    expect(window.put(message(1, { lastRev: 5, text: 'older' }))).toBe('ignored');
    expect(window.messages.map(({ text }) => text)).toEqual(['newest']);
  });

  it('does not take a message from below, which would leave a hole', () => {
    const window = new MessageWindow(10, 100);
    expect(window.put(message(4, { lastRev: 12 }))).toBe('ignored');
    expect(revs(window)).toEqual([]);
  });

  it('shows a message below it as it is now in what answers to it', () => {
    const window = new MessageWindow(10, 100);
    const replyTo = { id: 'm4', senderId: 'anna', text: 'line 4' };
    window.put({ ...message(10), replyTo });
    window.put({ ...message(11), replyTo: { ...replyTo, id: 'm5' } });
    window.put({ ...message(4, { lastRev: 12, text: 'edited' }), senderId: 'anna' });
    expect(window.messages.map(({ replyTo: quoted }) => quoted?.text)).toEqual(['edited', 'line 4']);
    window.put({ ...message(4, { lastRev: 13 }), senderId: 'anna', text: null });
    expect(window.get('m10')?.replyTo).toEqual({ ...replyTo, text: null });
  });

  it('grows downwards by pages, each message once', () => {
    const window = new MessageWindow(5, 100);
    window.put(message(5));
    window.expectPage();
    window.addPage([message(3), message(4)], false);
    window.expectPage();
    window.addPage([message(1), message(2), message(3)], true);
    expect(revs(window)).toEqual([1, 2, 3, 4, 5]);
    expect(window.isComplete).toBe(true);
  });

  it('does not let a page overwrite a change that overtook it', () => {
    const window = new MessageWindow(5, 100);
    window.expectPage();
    window.put(message(3, { lastRev: 6, text: 'edited' }));
    window.addPage([message(3, { text: 'as it was' }), message(4)], false);
    expect(window.get('m3')?.text).toBe('edited');
  });

  it('puts reactions into a page that was on its way, and waits on for those below it', () => {
    const window = new MessageWindow(5, 100);
    const react = (rev: number, lastRev: number) =>
      window.amend({
        id: `id-${rev}`,
        lastRev,
        apply: (known) => ({ ...known, lastRev, reactions: [{ emoji: '👍', count: 1, mine: false }] }),
      });
    window.expectPage();
    window.expectPage();
    react(4, 9);
    react(2, 10);
    window.addPage(
      [messageOf({ id: 'id-3', roomId: 'r', rev: 3 }), messageOf({ id: 'id-4', roomId: 'r', rev: 4 })],
      false,
    );
    expect(window.messages.map(({ rev, lastRev }) => [rev, lastRev])).toEqual([
      [3, 3],
      [4, 9],
    ]);
    window.addPage([messageOf({ id: 'id-2', roomId: 'r', rev: 2 })], true);
    expect(window.get('id-2')?.reactions).toHaveLength(1);
  });

  it('does not drop what was asked for because more comes in', () => {
    const window = new MessageWindow(11, 8);
    window.expectPage();
    window.addPage(
      Array.from({ length: 10 }, (_, at) => message(at + 1)),
      true,
    );
    for (let rev = 11; rev <= 18; rev++) window.put(message(rev));
    expect([window.fromRev, window.messages.length]).toEqual([1, 18]);
    window.put(message(19));
    expect([window.fromRev, window.isComplete]).toEqual([6, false]);
  });

  it('drops the oldest above its bound, and can load them again', () => {
    const window = new MessageWindow(1, 8);
    for (let rev = 1; rev <= 9; rev++) window.put(message(rev));
    expect(revs(window)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect([window.fromRev, window.isComplete]).toEqual([3, false]);
    window.expectPage();
    window.addPage([message(1), message(2)], true);
    expect(revs(window)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
