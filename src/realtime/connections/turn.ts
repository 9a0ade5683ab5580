/** Something with frames to write when the turn ends. */
interface Flushes {
  flush(): void;
}

let waiting: Flushes[] = [];

/**
 * Flushes the queue at the end of this turn of the event loop, once the promises that are ready have run. One timer
 * for all connections: a message to a hundred members is a hundred writes, but one callback.
 */
export function scheduleFlush(queue: Flushes): void {
  if (waiting.push(queue) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const queues = waiting;
  waiting = [];
  for (const queue of queues) queue.flush();
}
