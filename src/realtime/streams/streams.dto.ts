import { AtMost, Optional, QueryUlids, Word } from '../../common/validators.js';

/** `GET /events`. */
export class EventsQuery {
  /** Room ids with commas between them: of which full frames come with `follow=open`. */
  @Optional() @QueryUlids() @AtMost('startRooms') open?: string[];
  @Optional() @Word('all', 'open') follow?: 'all' | 'open';
  /** User ids with commas between them: whose presence is told. */
  @Optional() @QueryUlids() @AtMost('presenceWatches') watch?: string[];
}
