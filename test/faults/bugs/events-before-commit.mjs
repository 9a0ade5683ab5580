// Changes are told to the members before they are committed.
import { setTimeout as pause } from 'node:timers/promises';
import { EventHub } from '../../../dist/src/events/event-hub.js';

const { emit } = EventHub.prototype;

EventHub.prototype.emit = async function (tx, name, payload) {
  if (name !== 'RoomChanged') return emit.call(this, tx, name, payload);
  await this.publish(name, payload);
  await pause(20);
};
