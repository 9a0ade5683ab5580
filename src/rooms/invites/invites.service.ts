import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { newId } from '../../common/id.js';
import { decodeCursor, encodeCursor, toPage } from '../../common/page-cursor.js';
import { AppConfig } from '../../config/app-config.js';
import { insertRows } from '../../database/sql.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { IdempotencyKeys } from '../../limits/idempotency-keys.service.js';
import type { InviteView } from '../../protocol/room-views.js';
import type { Page } from '../../protocol/views.js';
import { RoomAccess } from '../room-access.js';
import { type RoomEdit, RoomEdits } from '../room-edits.js';
import { newInviteCode } from './invite-code.js';
import { toInviteView } from './invite.view.js';
import { RoomInvite } from './room-invite.entity.js';
import { RoomInvites } from './room-invites.queries.js';

/** What a new invite is to allow. */
export interface InviteDraft {
  readonly roomId: string;
  /** Null or nothing: as many as come. */
  readonly maxUses?: number | null;
  /** Null or nothing: it never ends. */
  readonly expiresInSeconds?: number | null;
}

/** An invite that was asked for, and whether this made it. */
export interface MadeInvite {
  readonly invite: InviteView;
  readonly created: boolean;
}

/** Invites that are over are forgotten after 30 days, when the next one is made. */
const KEPT_MS = 30 * 86_400_000;

/** What admins do with the invites of a group room. Nobody else is told of it. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly config: AppConfig,
    private readonly uow: UnitOfWork,
    private readonly keys: IdempotencyKeys,
    private readonly access: RoomAccess,
    private readonly edits: RoomEdits,
    private readonly invites: RoomInvites,
  ) {}

  /**
   * Makes an invite. With a key that was used for the same draft before: the invite that was made then.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`; `QUOTA_EXCEEDED` where `limits.roomInvites` are in
   *   force; `IDEMPOTENCY_CONFLICT` when the key was used for another draft
   */
  async create(principal: Principal, draft: InviteDraft, key?: string): Promise<MadeInvite> {
    return this.uow.run(async (tx) => {
      const use = { userId: principal.userId, key, body: draft, resourceId: newId() };
      const earlier = await this.keys.use(tx, use);
      const { id, created } =
        earlier === null ? { id: use.resourceId, created: true } : { id: earlier, created: false };
      if (created) await this.edits.runIn(tx, draft, (edit) => this.createIn(edit, principal, { ...draft, id }));
      const invite = await tx.manager.findOneBy(RoomInvite, { id });
      // Made with this key before, and forgotten since.
      if (!invite) throw new ChatError('GONE');
      return { invite: toInviteView(invite), created };
    });
  }

  /** Those in force, in the order of their making. For those who may make one: throws `NOT_FOUND` or `FORBIDDEN`. */
  async list(principal: Principal, ask: { roomId: string; cursor?: string; limit: number }): Promise<Page<InviteView>> {
    const { roomId, cursor, limit } = ask;
    await this.access.requireAction(principal, roomId, 'invite.create');
    const [after] = cursor === undefined ? [''] : decodeCursor(cursor, ['ulid']);
    const rows = await this.invites.listInForce(roomId, { after, limit: limit + 1 });
    const { items, next } = toPage(rows, limit, ({ id }) => encodeCursor([id]));
    return { items: items.map(toInviteView), next };
  }

  /**
   * Ends an invite: once this has returned, nobody comes in by it. One that is over already stays so.
   *
   * @throws ChatError `NOT_FOUND` also where the room has no such invite, `FORBIDDEN`, `ROOM_ARCHIVED`
   */
  async revoke(principal: Principal, { roomId, code }: { roomId: string; code: string }): Promise<void> {
    await this.edits.run({ roomId }, async ({ tx, head }) => {
      await this.access.requireIn(tx, head, { principal, action: 'invite.create' });
      const invite = await tx.manager.findOneBy(RoomInvite, { roomId, code });
      if (!invite) throw new ChatError('NOT_FOUND');
      if (invite.endedAt === null) await tx.manager.update(RoomInvite, { id: invite.id }, { endedAt: head.at });
    });
  }

  /** The same with all of the room's. */
  async revokeAll(principal: Principal, roomId: string): Promise<void> {
    await this.edits.run({ roomId }, async ({ tx, head }) => {
      await this.access.requireIn(tx, head, { principal, action: 'invite.create' });
      await tx.execute('UPDATE room_invites SET endedAt = ? WHERE roomId = ? AND endedAt IS NULL', [head.at, roomId]);
    });
  }

  private async createIn(edit: RoomEdit, principal: Principal, draft: InviteDraft & { id: string }): Promise<void> {
    const { tx, head } = edit;
    await this.access.requireIn(tx, head, { principal, action: 'invite.create' });
    await this.forgetOld(edit);
    if ((await this.invites.countInForce(tx, head.id)) >= this.config.limits.roomInvites) {
      throw new ChatError('QUOTA_EXCEEDED', { detail: 'The room has too many invites; revoke some.' });
    }
    const { id, maxUses = null, expiresInSeconds } = draft;
    const expiresAt = expiresInSeconds ? this.invites.now() + expiresInSeconds * 1000 : null;
    const facts = { id, code: newInviteCode(), roomId: head.id, byId: principal.userId };
    await insertRows(tx, 'room_invites', [{ ...facts, maxUses, uses: 0, expiresAt, endedAt: null }]);
  }

  private async forgetOld({ tx, head }: RoomEdit): Promise<void> {
    const end = this.invites.now() - KEPT_MS;
    await tx.post({
      sql: 'DELETE FROM room_invites WHERE roomId = ? AND (endedAt < ? OR expiresAt < ?)',
      parameters: [head.id, end, end],
    });
  }
}
