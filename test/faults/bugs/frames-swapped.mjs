// Of the frames that go out together, the last comes first.
import { RoomFeed } from '../../../dist/src/realtime/feeds/room-feed.js';

const { sendRun } = RoomFeed.prototype;

RoomFeed.prototype.sendRun = function () {
  if (this.run.length > 1) this.run.unshift(this.run.pop());
  sendRun.call(this);
};
