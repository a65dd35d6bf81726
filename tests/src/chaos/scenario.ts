import type { Fleet } from './fleet.ts';

/** What a fault did that the audience may notice. */
export interface Aftermath {
  /** Edges, by number, whose own end is the fault: their listeners can only go to another. */
  readonly edgesEnded?: readonly number[];
  /** What the scenario found wrong by itself. */
  readonly faults?: readonly string[];
}

/** One fault: how it is made, and taken back. */
export interface Scenario {
  readonly name: string;
  /** One sentence for those who read the table. */
  readonly explanation: string;
  /** Who may have to reconnect; `nobody` else. */
  readonly mayReconnect: 'nobody' | 'listeners of the edge';
  /** What it takes that a machine may lack; null: it can be had. */
  readonly lacks?: () => string | null;
  /** Before anything is measured; listeners may be disturbed. */
  readonly prepare?: (fleet: Fleet) => Promise<void>;
  /** Resolves when everything is as it was, or starts to be. */
  readonly run: (fleet: Fleet) => Promise<Aftermath | void>;
}

/** One of several, as the run's seed has it. */
export function pick<T>(from: readonly T[], random: () => number): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('there is nothing to choose from');
  return found;
}
