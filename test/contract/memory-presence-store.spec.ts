import { MemoryPresenceStore } from '../../src/presence/memory-presence-store.js';
import { describePresenceStore } from './presence-store.contract.js';

describePresenceStore('in the process', (clock) => {
  const store = new MemoryPresenceStore(clock);
  return Promise.resolve({ a: store, b: store });
});
