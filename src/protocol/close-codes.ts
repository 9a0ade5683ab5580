const SESSION_REVOKED = 4200;
const SUSPENDED = 4201;

/**
 * Close codes of the socket, each sent after a `goodbye` frame. The range tells a client what to do: 4000–4099
 * reconnect with the cursor, 4100–4199 get new credentials first, 4200–4299 stop and tell the user.
 */
export const CLOSE_CODES = {
  DRAINING: 4000,
  INTERNAL: 4001,
  SLOW_CONSUMER: 4002,
  HEARTBEAT_TIMEOUT: 4003,
  REBALANCE: 4004,
  RATE_LIMITED: 4005,
  START_TIMEOUT: 4100,
  TOKEN_EXPIRED: 4101,
  TOKEN_INVALID: 4102,
  TICKET_USED: 4103,
  SESSION_REVOKED,
  SUSPENDED,
  REPLACED: 4202,
  TOO_MANY_CONNECTIONS: 4203,
  UNSUPPORTED_VERSION: 4204,
  PROTOCOL_ERROR: 4205,
  FRAME_TOO_LARGE: 4207,
  BLOCKED_ORIGIN: 4208,
} as const;

/** Why a connection ends. */
export type CloseReason = keyof typeof CLOSE_CODES;

/** Whether a code says that the login is worth nothing any more: it has ended, or its user is suspended. */
export const endsLogin = (code: number): boolean => code === SESSION_REVOKED || code === SUSPENDED;

/** What a client does after a close code: come back at once, get credentials first, or stop. */
export function afterClose(code: number): 'reconnect' | 'authenticate' | 'stop' {
  if (code >= 4200 && code <= 4299) return 'stop';
  return code >= 4100 && code <= 4199 ? 'authenticate' : 'reconnect';
}
