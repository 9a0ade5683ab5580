import { Injectable } from '@nestjs/common';
import { HealthRegistry } from '../metrics/health-registry.js';
import { Metrics } from '../metrics/metrics.js';
import type { IndexState } from './index/worker-messages.js';

/** Of a thread that has said nothing yet. */
export const NO_STATE: IndexState = { indexed: 0, roomsBehind: 0, hasSeenAll: false, busyMs: 0, fault: null };

/** What operators see of the index. However it is, the node stays ready: without it only searches suffer. */
@Injectable()
export class SearchHealth {
  private state = NO_STATE;

  constructor(
    private readonly health: HealthRegistry,
    metrics: Metrics,
  ) {
    const watch = (name: string, help: string, read: (state: IndexState) => number) =>
      metrics.watch(`chat_search_${name}`, help, () => read(this.state));
    watch('indexed_messages', 'Messages that this node has indexed since its start.', ({ indexed }) => indexed);
    watch('behind_rooms', 'Rooms of which the index lacks something.', ({ roomsBehind }) => roomsBehind);
    watch('busy_seconds', 'Time for which the thread of the index was busy.', ({ busyMs }) => busyMs / 1000);
    this.tell(NO_STATE);
  }

  tell(state: IndexState): void {
    this.state = state;
    this.health.set('search', { ok: true, detail: detailOf(state) });
  }
}

function detailOf({ hasSeenAll, roomsBehind, fault }: IndexState): string | undefined {
  // What is said to everybody holds no path and no statement; the log has those.
  if (fault !== null) return 'index: cannot go on at the moment';
  if (!hasSeenAll) return 'index: looking for what it lacks';
  return roomsBehind > 0 ? `index: behind in ${roomsBehind} rooms` : undefined;
}
