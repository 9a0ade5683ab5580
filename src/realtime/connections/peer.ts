/** Where a queue writes to: what it asks of a socket. */
export interface Outlet {
  /** Bytes that were written and not taken by the system yet. */
  readonly writableLength: number;
  readonly destroyed: boolean;
  /** Writes framed bytes, each a character; `taken` is called once the system has taken them. */
  write(bytes: string, encoding: 'latin1', taken: () => void): unknown;
}

/** What a connection asks of the protocol that its frames travel in: a `WebSocket`, or what stands for one. */
export interface Peer {
  /** Whether nothing is read at the moment. */
  readonly isPaused: boolean;
  /** Says why and ends it, behind everything that was written; the other side may still have to agree. */
  close(code: number, reason?: string): void;
  /** Cuts it at once. */
  terminate(): void;
  /** Makes the other side show that it lives. */
  ping(): void;
}
