import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { AppConfig } from '../config/app-config.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { IdempotencyKeys } from '../limits/idempotency-keys.service.js';
import type { MemberRole } from '../protocol/views.js';
import type { OpenedRoom } from './direct-rooms.service.js';
import { MemberMoves } from './members/member-moves.js';
import { type NewRoom, type RoomEdit, RoomEdits } from './room-edits.js';
import { RoomViews } from './room-views.service.js';

/** A group room to make. */
export interface RoomDraft {
  readonly name: string;
  readonly topic?: string | null;
  readonly visibility: 'public' | 'private';
  readonly memberIds?: readonly string[];
}

/** Makes group rooms. */
@Injectable()
export class RoomCreation {
  constructor(
    private readonly config: AppConfig,
    private readonly uow: UnitOfWork,
    private readonly keys: IdempotencyKeys,
    private readonly edits: RoomEdits,
    private readonly moves: MemberMoves,
    private readonly views: RoomViews,
  ) {}

  /**
   * Makes a room with the caller as its owner and a `member.joined` notice for him and each first member; tells
   * `MemberAdded` for each. With a key that was used for the same draft before: the room that was made then.
   *
   * @throws ChatError `NOT_FOUND` when a first member does not exist or his account is not active; `BLOCKED` or
   *   `CONTACT_CLOSED` when one does not want to be added by the caller; `IDEMPOTENCY_CONFLICT` when the key was used for another draft; `VALIDATION_FAILED`
   */
  async create(principal: Principal, draft: RoomDraft, key?: string): Promise<OpenedRoom> {
    this.requireFewMembers(draft);
    const scope = scopeOf(principal, draft);
    const known = await this.uow.run(async (tx) => {
      const use = { userId: principal.userId, key, body: draft, resourceId: scope.roomId };
      const earlier = await this.keys.use(tx, use);
      if (earlier === null) await this.edits.runIn(tx, scope, (edit) => this.addAll(edit, principal, scope.userIds));
      return earlier;
    });
    const room = await this.views.getOfUser(principal.userId, known ?? scope.roomId);
    return { room, created: known === null };
  }

  private async addAll(edit: RoomEdit, principal: Principal, userIds: readonly string[]): Promise<void> {
    if (!userIds.every((id) => edit.active.has(id))) throw new ChatError('NOT_FOUND');
    const members = userIds.map((userId) => ({ userId, role: roleOf(userId, principal) }));
    await this.moves.addBy(principal, edit, members);
  }

  private requireFewMembers({ memberIds = [] }: RoomDraft): void {
    const { createMembers } = this.config.limits;
    if (memberIds.length <= createMembers) return;
    const errors = [{ path: 'memberIds', code: 'ulid', message: `must be a list of at most ${createMembers} ULIDs` }];
    throw new ChatError('VALIDATION_FAILED', { errors });
  }
}

const roleOf = (userId: string, creator: Principal): MemberRole => (userId === creator.userId ? 'owner' : 'member');

/** The creator is the first to join. */
function scopeOf(creator: Principal, { name, topic = null, visibility, memberIds = [] }: RoomDraft) {
  const blank = { ownerId: creator.userId, directKey: null, memberCount: 0 };
  const create: NewRoom = { kind: 'group', visibility, name, topic, ...blank };
  return { roomId: newId(), userIds: [...new Set([creator.userId, ...memberIds])], create };
}
