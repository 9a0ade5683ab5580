/** Where a page of a list lies. */
export interface PageAsk {
  readonly cursor?: string;
  /** 1–100; the server's default is 50. */
  readonly limit?: number;
}
