import { Global, Module } from '@nestjs/common';
import { MemoryBus } from './memory-bus.js';
import { MessageBus } from './message-bus.js';

/** Gives everybody the `MessageBus` of this installation. */
@Global()
@Module({ providers: [{ provide: MessageBus, useClass: MemoryBus }], exports: [MessageBus] })
export class BusModule {}
