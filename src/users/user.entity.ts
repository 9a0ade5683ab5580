import { Entity, Index } from 'typeorm';
import {
  IdColumn,
  JsonColumn,
  KeyColumn,
  NameColumn,
  NumberColumn,
  RefColumn,
  TextColumn,
  TimeColumn,
} from '../database/columns.js';
import type { PreferencesView, PresenceChoice, UserRole } from '../protocol/views.js';

@Entity('users')
@Index('uq_users_usernameKey', ['usernameKey'], { unique: true })
@Index('uq_users_email', ['email'], { unique: true })
@Index('ix_users_statusExpiresAt', ['statusExpiresAt'])
@Index('ix_users_avatar', ['avatar'])
export class User {
  @IdColumn() id!: string;
  @NameColumn(64) username!: string;
  /** The user name after NFKC and case folding: unique. */
  @KeyColumn(191) usernameKey!: string;
  @KeyColumn(254, { nullable: true }) email!: string | null;
  /** argon2id in PHC form; null for guests. */
  @KeyColumn(255, { nullable: true }) passwordHash!: string | null;
  @NameColumn(64) displayName!: string;
  @KeyColumn(191) displayNameKey!: string;
  /** The id of an uploaded picture. */
  @RefColumn({ nullable: true }) avatar!: string | null;
  @TextColumn({ nullable: true }) bio!: string | null;
  @KeyColumn(8) role!: UserRole;
  @KeyColumn(10) status!: 'active' | 'suspended' | 'deleted';
  @NameColumn(140, { nullable: true }) statusText!: string | null;
  @NameColumn(32, { nullable: true }) statusEmoji!: string | null;
  @TimeColumn({ nullable: true }) statusExpiresAt!: number | null;
  /** What he has chosen to be shown as; null: as his connections are. */
  @KeyColumn(9, { nullable: true }) presence!: PresenceChoice | null;
  /** When he was last known to be here, while he was not invisible. */
  @TimeColumn({ nullable: true }) lastSeenAt!: number | null;
  /** What he has chosen; the rest is as `preferences.view.ts` says. */
  @JsonColumn() preferences!: Partial<PreferencesView>;
  /** Counts the durable private changes of this user. */
  @NumberColumn() rev!: number;
  @TimeColumn() createdAt!: number;
}
