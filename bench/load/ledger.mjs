// What was acked and what arrived: every message on every socket of its room's members, once, in one order.

const ROOM_AT = '"roomId":"';
const REV_AT = '"rev":';
const ID_AT = '"id":"';
const ULID = 26;

export class Ledger {
  acked = 0;
  delivered = 0;
  #expected = 0;
  /** @readonly */
  #rooms = new Map();

  /** @param rooms `{ roomId, members }` of each room */
  constructor(rooms) {
    for (const { roomId, members } of rooms) this.#rooms.set(roomId, { order: [], members: members.length });
  }

  /** Notes an ack; anything else in its place is a fault. */
  ack(roomId, text) {
    if (!text.includes('"event":"ack"')) throw new Error(`not acked: ${text.slice(0, 300)}`);
    this.acked++;
    this.#expected += this.#rooms.get(roomId).members;
  }

  /** What one socket sees: returns a listener for its events. */
  observer() {
    const seen = new Map();
    return (text) => {
      if (!text.startsWith('{"event":"message.created"')) return null;
      const roomId = slice(text, ROOM_AT);
      const at = seen.get(roomId) ?? { count: 0, rev: 0 };
      seen.set(roomId, at);
      const id = slice(text, ID_AT);
      this.#compare(roomId, at.count++, id);
      this.#checkRev(text, at);
      this.delivered++;
      return id;
    };
  }

  /** Whether everything acked has arrived everywhere. */
  get isComplete() {
    return this.delivered === this.#expected;
  }

  get missing() {
    return this.#expected - this.delivered;
  }

  #compare(roomId, place, id) {
    const { order } = this.#rooms.get(roomId);
    if (place === order.length) order.push(id);
    else if (order[place] !== id) throw new Error(`another order: ${id} in place ${place} of ${roomId}`);
  }

  #checkRev(text, at) {
    const begin = text.indexOf(REV_AT);
    // Limit servers give no numbers.
    if (begin < 0) return;
    const rev = Number.parseInt(text.slice(begin + REV_AT.length, begin + REV_AT.length + 16), 10);
    if (at.rev && rev !== at.rev + 1) throw new Error(`rev ${rev} after ${at.rev}`);
    at.rev = rev;
  }
}

function slice(text, mark) {
  const begin = text.indexOf(mark) + mark.length;
  return text.slice(begin, begin + ULID);
}
