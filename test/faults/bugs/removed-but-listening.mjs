// Who is removed goes on listening until he connects again.
import { RoomFeed } from '../../../dist/src/realtime/room-feed.js';

RoomFeed.prototype.removeUser = () => undefined;
