// A number that was given out is not always used.
import { RoomLog } from '../../../dist/src/rooms/room-log.js';

const { addMessage } = RoomLog.prototype;
let count = 0;

RoomLog.prototype.addMessage = function (head, draft) {
  if (++count % 30 === 0) head.headRev++;
  return addMessage.call(this, head, draft);
};
