type Failed = (error: unknown) => void;

/**
 * Calls each listener, in order, before it returns. A failure, at once or later, goes to `failed`; nothing is thrown.
 * Returns a promise only where a listener lasts, until all have ended: most end at once, and a promise each would be paid
 * by every room of every flush.
 */
export function callAll<P extends unknown[]>(
  listeners: readonly ((...payload: P) => unknown)[],
  failed: Failed,
  ...payload: P
): Promise<unknown> | undefined {
  let lasting: Promise<unknown>[] | undefined;
  for (const listener of listeners) {
    const lasts = callOne(() => listener(...payload), failed);
    if (lasts) (lasting ??= []).push(lasts);
  }
  return lasting && Promise.all(lasting);
}

function callOne(listener: () => unknown, failed: Failed): Promise<unknown> | undefined {
  try {
    const lasts = listener();
    if (lasts instanceof Promise) return lasts.catch(failed);
  } catch (error) {
    failed(error);
  }
  return undefined;
}
