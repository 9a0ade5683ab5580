import { AtMost, Email, Optional, QueryInt, Text, Ulid } from '../common/validators.js';
import { MAX_PASSWORD } from './password-rules.js';

/** `POST /auth/register`. */
export class RegisterDto {
  @Text({ max: 64, line: true }) username!: string;
  @Text({ max: MAX_PASSWORD }) password!: string;
  @Optional() @Text({ max: 64, trim: true, line: true }) displayName?: string;
  @Optional() @Email() email?: string;
}

/** `POST /auth/login`. */
export class LoginDto {
  /** The user name, or the e-mail address. */
  @Text({ max: 254, line: true }) username!: string;
  @Text({ max: MAX_PASSWORD }) password!: string;
  /** What the user calls this device. */
  @Optional() @Text({ max: 100, trim: true, line: true }) device?: string;
}

/** `POST /auth/guest`. */
export class GuestDto {
  @Optional() @Text({ max: 64, trim: true, line: true }) displayName?: string;
}

/** `POST /auth/refresh`. */
export class RefreshDto {
  @Text({ max: 512, line: true }) refreshToken!: string;
}

/** `POST /auth/password`. */
export class ChangePasswordDto {
  @Text({ max: MAX_PASSWORD }) currentPassword!: string;
  @Text({ max: MAX_PASSWORD }) newPassword!: string;
}

/** `GET /auth/sessions`. */
export class ListSessionsQuery {
  @Optional() @Text({ max: 1000, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}

/** The id in a path. */
export class SessionParams {
  @Ulid() id!: string;
}
