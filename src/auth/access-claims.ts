import type { UserRole } from '../protocol/views.js';

/** The claims of an access token. Times are in seconds, as RFC 7519 has them. */
export interface AccessClaims {
  readonly sub: string;
  readonly sid: string;
  readonly role: UserRole;
  readonly typ: string;
  readonly iat: number;
  readonly exp: number;
}
