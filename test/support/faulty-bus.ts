import { MemoryBus } from '../../src/bus/memory-bus.js';

/** What becomes of one message. */
export type Fate = 'deliver' | 'lose' | 'twice' | 'late';

/** A bus that breaks every promise but the one that it cannot: it makes nothing up. */
export class FaultyBus extends MemoryBus {
  /** Decides over each message; by default all is well. */
  fateOf: (channel: string, message: string) => Fate = () => 'deliver';

  override publish(channel: string, message: string): void {
    const fate = this.fateOf(channel, message);
    if (fate === 'lose') return;
    if (fate === 'late') return void setTimeout(() => super.publish(channel, message), 20);
    super.publish(channel, message);
    if (fate === 'twice') super.publish(channel, message);
  }
}
