/**
 * A small typed emitter. Listeners run at once, in the order in which they were added. One that throws stops neither
 * the others nor the client: its error is rethrown outside, where the host reports it as uncaught.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  /** Calls `listener` with every later event of that name, until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    // A wrapper of its own for each call, so that a listener added twice is called twice and removed once.
    const own = (payload: Events[Name]): void => listener(payload);
    set.add(own);
    return () => void set.delete(own);
  }

  /** Tells every listener of that name. */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    // A copy: what a listener adds is for later events.
    for (const listener of Array.from(this.#listeners.get(name) ?? [])) {
      try {
        (listener as (payload: Events[Name]) => void)(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
