import type { Listener } from './listener.ts';

/** Milliseconds between two rounds of closing. */
const roundMillis = 100;

/**
 * Ends listeners spread evenly over a time, in random order, so that they come back elsewhere one by one and not as a storm.
 * Fulfilled when none is left.
 *
 * @param listeners gives those there are now; no new ones may come meanwhile
 * @param seconds 0: all at once; Infinity: nobody is ended, it waits until the last has left
 * @param signal leaves alone those who are still there
 */
export async function drain(listeners: () => Listener[], seconds: number, signal?: AbortSignal): Promise<void> {
  const started = performance.now();
  const order = shuffle(listeners());
  const total = order.length;
  let ended = 0;
  while (signal?.aborted !== true) {
    const due = seconds <= 0 ? total : Math.min(total, Math.floor((total * (performance.now() - started)) / (seconds * 1000)));
    for (; ended < due; ended++) order[ended]?.end('shutdown');
    if (listeners().length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, roundMillis));
    // A client who never reads its last bytes keeps its socket half closed.
    if (ended === total && performance.now() - started > (seconds + 1) * 1000) for (const listener of listeners()) listener.socket.destroy();
  }
}

function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
