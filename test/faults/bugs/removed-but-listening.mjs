// Who is removed goes on listening until he connects again.
import { RoomFeed } from '../../../dist/src/realtime/room-feed.js';
import { RoomJoiner } from '../../../dist/src/realtime/room-joiner.js';

RoomFeed.prototype.removeUser = () => undefined;
RoomJoiner.prototype.leave = () => undefined;
