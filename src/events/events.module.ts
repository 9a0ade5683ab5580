import { Global, Module } from '@nestjs/common';
import { EventHub } from './event-hub.js';

/** Gives everybody the one `EventHub` of this process. */
@Global()
@Module({ providers: [EventHub], exports: [EventHub] })
export class EventsModule {}
