import { Injectable } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { Access } from '../access/access.decorators.js';
import { Deletions } from '../messages/editing/deletions.service.js';
import { DeleteMessageDto, EditMessageDto, ReactDto } from '../messages/editing/editing.dto.js';
import { ReactionsService } from '../messages/editing/reactions.service.js';
import { TextEdits } from '../messages/editing/text-edits.service.js';
import type { Acks } from '../protocol/commands.js';
import type { RunningCommand } from './connections/command-queue.js';
import type { Connection } from './connections/connection.js';

/** The commands that change messages which were sent before. */
@Injectable()
export class EditingGateway {
  constructor(
    private readonly edits: TextEdits,
    private readonly deletions: Deletions,
    private readonly reactions: ReactionsService,
  ) {}

  /** Gives one's own message another text. */
  @SubscribeMessage('message.edit')
  @Access('message.send')
  edit(@ConnectedSocket() { caller }: Connection, @MessageBody() edit: EditMessageDto): Promise<Acks['message.edit']> {
    return this.edits.edit(caller, edit);
  }

  /** Deletes a message for all. */
  @SubscribeMessage('message.delete')
  @Access('message.send')
  delete(
    @ConnectedSocket() { caller }: Connection,
    @MessageBody() target: DeleteMessageDto,
  ): Promise<Acks['message.delete']> {
    return this.deletions.delete(caller, target);
  }

  /** Reacts to a message with an emoji. */
  @SubscribeMessage('message.react')
  @Access('message.send')
  react(
    @ConnectedSocket() { caller }: Connection,
    @MessageBody() wish: ReactDto,
    { endTurn }: RunningCommand,
  ): Promise<Acks['message.react']> {
    return this.reactions.react(caller, { ...wish, added: true }, endTurn);
  }

  /** Takes a reaction back. */
  @SubscribeMessage('message.unreact')
  @Access('message.send')
  unreact(
    @ConnectedSocket() { caller }: Connection,
    @MessageBody() wish: ReactDto,
    { endTurn }: RunningCommand,
  ): Promise<Acks['message.unreact']> {
    return this.reactions.react(caller, { ...wish, added: false }, endTurn);
  }
}
