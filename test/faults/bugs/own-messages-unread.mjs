// A mark that one's own message moved counts only once it is stored.
import { ReadPositions } from '../../../dist/src/rooms/members/read-position-store.js';

ReadPositions.prototype.readSeqOf = ({ readSeq }) => Number(readSeq);
