import { describe, expect, it } from 'vitest';
import { type Frame, ephemeralFrame, frameOf } from './frame.js';
import { Intake } from './intake.js';

const durable = (roomId: string, rev: number): Frame => frameOf('{}', { kind: 'durable', roomId, rev });
const priv = (rev: number): Frame => frameOf('{}', { kind: 'private', rev });

function open() {
  const passed: Frame[] = [];
  const intake = new Intake((frame) => passed.push(frame));
  return { intake, placesOf: () => passed.map(({ roomId, rev }) => `${roomId}${rev}`), passed };
}

describe('Intake', () => {
  it('passes frames on where nothing is held', () => {
    const { intake, placesOf } = open();
    for (const rev of [1, 2]) intake.deliver(durable('a', rev));
    expect(placesOf()).toEqual(['a1', 'a2']);
  });

  it('holds a room back until its head is known, then lets what is above it through, in order', () => {
    const { intake, placesOf } = open();
    intake.hold('a');
    for (const rev of [4, 5, 6, 7]) intake.deliver(durable('a', rev));
    expect(placesOf()).toEqual([]);
    intake.release('a', 5);
    expect(placesOf()).toEqual(['a6', 'a7']);
    intake.deliver(durable('a', 8));
    expect(placesOf()).toEqual(['a6', 'a7', 'a8']);
  });

  it('keeps dropping what a feed that is behind the head brings, until it is past it', () => {
    const { intake, placesOf } = open();
    intake.hold('a');
    intake.deliver(durable('a', 3));
    intake.release('a', 5);
    for (const rev of [4, 5, 6, 7]) intake.deliver(durable('a', rev));
    expect(placesOf()).toEqual(['a6', 'a7']);
  });

  it('holds one room and not another', () => {
    const { intake, placesOf } = open();
    intake.hold('a');
    intake.deliver(durable('a', 1));
    intake.deliver(durable('b', 9));
    intake.release('a', 0);
    expect(placesOf()).toEqual(['b9', 'a1']);
  });

  it('holds the private events of the user apart from every room', () => {
    const { intake, placesOf } = open();
    intake.hold('');
    intake.deliver(priv(4));
    intake.deliver(durable('a', 1));
    expect(placesOf()).toEqual(['a1']);
    intake.deliver(priv(5));
    intake.release('', 4);
    expect(placesOf()).toEqual(['a1', '5']);
  });

  it('forgets what was held of a room that is dropped', () => {
    const { intake, placesOf } = open();
    intake.hold('a');
    intake.deliver(durable('a', 1));
    intake.drop('a');
    intake.release('a', 0);
    expect(placesOf()).toEqual([]);
    intake.hold('a');
    intake.drop('a');
    intake.deliver(durable('a', 8));
    expect(placesOf()).toEqual(['a8']);
  });

  it('holds anew, and what was held before is known by the new head', () => {
    const { intake, placesOf } = open();
    intake.hold('a');
    intake.deliver(durable('a', 1));
    intake.hold('a');
    intake.deliver(durable('a', 2));
    intake.release('a', 1);
    expect(placesOf()).toEqual(['a2']);
  });

  it('lets ephemeral frames through while a room is held', () => {
    const { intake, passed } = open();
    intake.hold('a');
    const frame = ephemeralFrame('typing', {}, 'a');
    intake.deliver(frame);
    expect(passed).toEqual([frame]);
  });
});
