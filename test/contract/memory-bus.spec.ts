import { Logger } from '@nestjs/common';
import { MemoryBus } from '../../src/bus/memory-bus.js';
import { describeMessageBus } from './message-bus.contract.js';

Logger.overrideLogger(false);

describeMessageBus('in the process', () => {
  const bus = new MemoryBus();
  return Promise.resolve({ a: bus, b: bus, close: () => bus.close() });
});
