import { readFileSync } from 'node:fs';

/** Descriptors that a server, or the listeners, need beside those of the connections. */
const otherDescriptors = 500;

/** Milliseconds by which media may be late for one in a hundred before a server counts as full. */
export const lateMillisMax = 250;

/** Who counts as the few that a full server is compared with. */
export const fewListeners = 5;

/** Share of the client's core beyond which a limit may be the client's. */
export const clientShareMax = 0.9;

/** Listeners of one process: as many as this user may open descriptors. */
export function listenersMax(): number {
  const most = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return Math.min(most === undefined ? Infinity : Number(most), 65_000) - otherDescriptors;
}
