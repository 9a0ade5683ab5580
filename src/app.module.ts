import { type DynamicModule, Module } from '@nestjs/common';
import { schema } from './app.entities.js';
import { AttachmentsModule } from './attachments/attachments.module.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BusModule } from './bus/bus.module.js';
import { CommonModule } from './common/common.module.js';
import { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { FriendsModule } from './friends/friends.module.js';
import { HealthModule } from './health/health.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { MediaModule } from './media/media.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { ReceiptsModule } from './receipts/receipts.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { RoomsModule } from './rooms/rooms.module.js';
import { SearchModule } from './search/search.module.js';
import { StorageModule } from './storage/storage.module.js';
import { UsersModule } from './users/users.module.js';

/** The only file that knows every module: base, features, edges. */
@Module({})
export class AppModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CommonModule,
        ConfigModule.forRoot(config),
        MetricsModule,
        DatabaseModule.forRoot(schema),
        BusModule,
        EventsModule,
        LimitsModule,
        StorageModule,
        MediaModule,
        UsersModule,
        AuthModule,
        FriendsModule,
        RoomsModule,
        AttachmentsModule,
        MessagesModule,
        SearchModule,
        ReceiptsModule,
        PresenceModule,
        AccountsModule,
        RealtimeModule,
        HealthModule,
      ],
    };
  }
}
