import { Injectable } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { Access } from '../../access/access.decorators.js';
import { SetPresenceDto, TellTypingDto, UserTargetsDto } from '../../presence/presence.dto.js';
import { TypingService } from '../../presence/typing.service.js';
import { PresenceService } from '../../presence/presence.service.js';
import type { Acks } from '../../protocol/commands.js';
import type { Connection } from '../connections/connection.js';
import { PresenceLeases } from './presence-leases.service.js';
import { PresenceWatches } from './presence-watches.service.js';

/** The commands about who is here and who is writing; `ChatGateway` has the others. */
@Injectable()
export class PresenceGateway {
  constructor(
    private readonly presence: PresenceService,
    private readonly leases: PresenceLeases,
    private readonly watches: PresenceWatches,
    private readonly typing: TypingService,
  ) {}

  /** How the caller is shown; `away` is about this connection. */
  @SubscribeMessage('presence.set')
  @Access('account.use')
  async set(
    @ConnectedSocket() connection: Connection,
    @MessageBody() presence: SetPresenceDto,
  ): Promise<Acks['presence.set']> {
    // First, so that he is not shown as active before he is shown as nothing.
    await this.presence.set(connection.caller, presence);
    this.leases.tellAway(connection, presence.state === 'away');
    return {};
  }

  /** Users whose presence is told from now on, and how they are. */
  @SubscribeMessage('presence.watch')
  @Access('user.read')
  watch(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { userIds }: UserTargetsDto,
  ): Promise<Acks['presence.watch']> {
    return this.watches.watch(connection, userIds);
  }

  /** Users whose presence is not told any more. */
  @SubscribeMessage('presence.unwatch')
  @Access('user.read')
  unwatch(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { userIds }: UserTargetsDto,
  ): Acks['presence.unwatch'] {
    return this.watches.unwatch(connection, userIds);
  }

  /** Tells the others of a room that the caller is writing, or has stopped. */
  @SubscribeMessage('room.typing')
  @Access('message.send')
  async tellTyping(
    @ConnectedSocket() { caller }: Connection,
    @MessageBody() typing: TellTypingDto,
  ): Promise<Acks['room.typing']> {
    await this.typing.tell(caller, typing);
    return {};
  }
}
