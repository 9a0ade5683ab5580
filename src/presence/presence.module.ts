import { Module } from '@nestjs/common';
import { FriendsModule } from '../friends/friends.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { UsersModule } from '../users/users.module.js';
import { AsideAccess } from './aside-access.js';
import { EndedStatuses } from './ended-statuses.service.js';
import { LastSeenService } from './last-seen.service.js';
import { MemoryPresenceStore } from './memory-presence-store.js';
import { OnlineService } from './online.service.js';
import { PresenceAccess } from './presence-access.js';
import { PresenceCauses } from './presence-causes.service.js';
import { PresenceNews } from './presence-news.service.js';
import { PresenceSights } from './presence-sights.service.js';
import { PresenceStore } from './presence-store.js';
import { PresenceController } from './presence.controller.js';
import { PresenceQueries } from './presence.queries.js';
import { PresenceService } from './presence.service.js';
import { TypingService } from './typing.service.js';

/** Who is here, and who is writing. */
@Module({
  imports: [FriendsModule, RoomsModule, UsersModule],
  controllers: [PresenceController],
  providers: [
    { provide: PresenceStore, useClass: MemoryPresenceStore },
    AsideAccess,
    EndedStatuses,
    LastSeenService,
    OnlineService,
    PresenceAccess,
    PresenceCauses,
    PresenceNews,
    PresenceQueries,
    PresenceService,
    PresenceSights,
    TypingService,
  ],
  exports: [
    EndedStatuses,
    LastSeenService,
    PresenceAccess,
    PresenceNews,
    PresenceQueries,
    PresenceService,
    PresenceSights,
    PresenceStore,
    TypingService,
  ],
})
export class PresenceModule {}
