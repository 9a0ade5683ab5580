import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { AccessTokens } from '../auth/access-tokens.service.js';
import { LiveSessions } from '../auth/live-sessions.service.js';
import { TicketsService } from '../auth/tickets.service.js';
import { ChatError } from '../common/chat-error.js';
import type { CloseReason } from '../protocol/close-codes.js';
import type { SessionStart } from '../protocol/commands.js';
import type { Connection } from './connection.js';

/** Who is at the other end, and until when his token lets him be. */
export interface Authorised {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}
