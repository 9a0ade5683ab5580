import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MessageBus } from '../bus/message-bus.js';
import type { ChatEvents } from '../events/chat-events.js';
import { EventHub } from '../events/event-hub.js';
import { encodeLines, roomChannel, toLine } from './room-line.js';
import { encodeNote, userChannel } from './user-note.js';

/**
 * After a commit: encodes each change once and rings the doorbell of its room or user. Every node that has it open,
 * this one too, delivers from there.
 */
@Injectable()
export class FanOut implements OnModuleInit {
  constructor(
    private readonly hub: EventHub,
    private readonly bus: MessageBus,
  ) {}

  onModuleInit(): void {
    this.hub.on('RoomChanged', (event) => this.onRoomChanged(event));
    this.hub.on('UserChanged', (event) => this.onUserChanged(event));
    this.hub.on('MemberAdded', (event) => this.onMemberAdded(event));
    this.hub.on('SessionsEnded', (event) => this.onSessionsEnded(event));
  }

  private onRoomChanged({ roomId, changes }: ChatEvents['RoomChanged']): void {
    const lines = changes.map((change) => toLine(roomId, change));
    this.bus.publish(roomChannel(roomId), encodeLines(lines));
  }

  private onUserChanged({ userId, ...change }: ChatEvents['UserChanged']): void {
    this.bus.publish(userChannel(userId), encodeNote({ type: 'event', ...change }));
  }

  private onMemberAdded({ userId, userRev, roomId, joinedRev }: ChatEvents['MemberAdded']): void {
    this.bus.publish(userChannel(userId), encodeNote({ type: 'added', userRev, roomId, joinedRev }));
  }

  private onSessionsEnded({ userId, sessionIds, reason }: ChatEvents['SessionsEnded']): void {
    this.bus.publish(userChannel(userId), encodeNote({ type: 'ended', sessionIds, reason }));
  }
}
