import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MessageBus } from '../../bus/message-bus.js';
import type { Audience, ChatEvents } from '../../events/chat-events.js';
import { EventHub } from '../../events/event-hub.js';
import type { Events } from '../../protocol/events.js';
import { encodeAside } from './room-aside.js';
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
    this.hub.on('TypingTold', (event) => this.onTypingTold(event));
    this.hub.on('ReceiptMoved', (event) => this.onReceiptMoved(event));
    this.hub.on('AwayTold', (event) => this.onAwayTold(event));
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

  private onAwayTold({ userId, sessionId, isAway }: ChatEvents['AwayTold']): void {
    this.bus.publish(userChannel(userId), encodeNote({ type: 'away', sessionId, isAway }));
  }

  private onTypingTold({ userId, typing, ...audience }: ChatEvents['TypingTold']): void {
    this.tellAside('typing', audience, { userId, typing });
  }

  private onReceiptMoved({ receipt, ...audience }: ChatEvents['ReceiptMoved']): void {
    this.tellAside('receipt', audience, receipt);
  }

  private tellAside<E extends 'typing' | 'receipt'>(
    event: E,
    { roomId, asOf, hidden }: Audience,
    data: Events[E],
  ): void {
    const text = JSON.stringify({ event, roomId, data });
    this.bus.publish(roomChannel(roomId), encodeAside({ asOf, userId: data.userId, hidden, text }));
  }
}
