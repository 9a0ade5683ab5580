// Frames that were held back during catch-up are let through although catch-up has sent some of them.
import { setTimeout as pause } from 'node:timers/promises';
import { RoomFeeds } from '../../../dist/src/realtime/feeds/room-feeds.js';
import { RoomQueries } from '../../../dist/src/rooms/room.queries.js';

const { settle } = RoomFeeds.prototype;
const { headsOfUser } = RoomQueries.prototype;

RoomFeeds.prototype.settle = function (connection, head, from) {
  return settle.call(this, connection, head, Math.max(0, from - 5));
};

// A database that takes its time, so that something is held back.
RoomQueries.prototype.headsOfUser = async function (...args) {
  await pause(30);
  return headsOfUser.apply(this, args);
};
