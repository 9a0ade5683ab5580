import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { SearchController } from './search.controller.js';
import { SearchHealth } from './search-health.js';
import { SearchIndex } from './search-index.js';
import { SearchQueries } from './search.queries.js';
import { SearchService } from './search.service.js';
import { WorkerIndex } from './worker-index.js';

/** Search over the messages of one's rooms. */
@Module({
  imports: [MessagesModule, RoomsModule],
  controllers: [SearchController],
  providers: [SearchHealth, SearchQueries, SearchService, { provide: SearchIndex, useClass: WorkerIndex }],
})
export class SearchModule {}
