import { describe, expect, it } from 'vitest';
import { newUlid } from '../../../test/support/world.js';
import type { SessionReady } from '../../protocol/commands.js';
import { StreamPosition, decodeStreamCursor } from './stream-cursor.js';

const EPOCH = 'Ab-_09';
const ROOM = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

const readyOf = (rooms: Record<string, number>, facts: Partial<SessionReady> = {}): SessionReady => ({
  ...({ epoch: EPOCH, userRev: 7, more: false, reset: false } as SessionReady),
  rooms: Object.entries(rooms).map(([roomId, headRev]) => ({ roomId, headRev })) as unknown as SessionReady['rooms'],
  ...facts,
});

function positionOf(...given: Parameters<StreamPosition['begin']>): StreamPosition {
  const position = new StreamPosition();
  position.begin(...given);
  return position;
}

describe('the cursor of a stream', () => {
  it('is read as it was made', () => {
    const [one, other] = [newUlid(), newUlid()];
    const position = positionOf(readyOf({ [one]: 0, [other]: Number.MAX_SAFE_INTEGER }), null);
    const cursor = { epoch: EPOCH, userRev: 7, rooms: { [one]: 0, [other]: Number.MAX_SAFE_INTEGER } };
    expect(decodeStreamCursor(position.encode())).toEqual(cursor);
    expect(decodeStreamCursor(`${EPOCH}.0`)).toEqual({ epoch: EPOCH, userRev: 0, rooms: {} });
  });

  it('stands where the client was, in rooms that are caught up, and at the head in all others', () => {
    const [known, fresh, left] = [newUlid(), newUlid(), newUlid()];
    const cursor = { epoch: EPOCH, userRev: 3, rooms: { [known]: 5, [left]: 6 } };
    const ready = readyOf({ [known]: 9, [fresh]: 4 });
    expect(decodeStreamCursor(positionOf(ready, cursor).encode()).rooms).toEqual({ [known]: 5, [fresh]: 4 });
    const reset = positionOf({ ...ready, reset: true }, cursor);
    expect(decodeStreamCursor(reset.encode()).rooms).toEqual({ [known]: 9, [fresh]: 4 });
    // Not all of his rooms are named: it may be one of the others.
    const many = positionOf({ ...ready, more: true }, cursor);
    expect(decodeStreamCursor(many.encode()).rooms).toEqual({ [known]: 5, [fresh]: 4, [left]: 6 });
  });

  it('has at most 6 KiB, for the rooms that changed last', () => {
    const roomIds = Array.from({ length: 500 }, newUlid);
    const position = positionOf(readyOf(Object.fromEntries(roomIds.map((roomId) => [roomId, 1000]))), null);
    position.moveRoom(roomIds[3], 1001);
    position.moveRoom(roomIds[0], 1002);
    const text = position.encode();
    expect(text.length).toBeLessThanOrEqual(6144);
    expect(text.length).toBeGreaterThan(6144 - 40);
    const rooms = Object.keys(decodeStreamCursor(text).rooms);
    expect(rooms.length).toBeGreaterThan(200);
    expect(rooms.slice(0, 3)).toEqual([roomIds[0], roomIds[3], roomIds[499]]);
  });

  it.each([
    ['nothing', ''],
    ['no userRev', EPOCH],
    ['an epoch of other characters', 'a b.1'],
    ['a userRev that is no number', `${EPOCH}.-1`],
    ['a number beyond what is exact', `${EPOCH}.zzzzzzzzzzz`],
    ['a room without a rev', `${EPOCH}.1.${ROOM}`],
    ['a room that is none', `${EPOCH}.1.${ROOM.toLowerCase()}1`],
    ['a rev in capitals', `${EPOCH}.1.${ROOM}A`],
    ['a reserved key', `${EPOCH}.1.__proto__`],
    ['an end', `${EPOCH}.1.`],
    ['far too much', `${EPOCH}.1${`.${ROOM}1`.repeat(300)}`],
  ])('is refused: %s', (_, text) => {
    expect(() => decodeStreamCursor(text)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }) as Error);
  });
});
