import type { Bench } from '../fan-out/bench.ts';
import type { RunningServer } from '../fan-out/server.ts';
import type { CapacityStream } from './streams.ts';

/** A server that is filled with listeners. */
export interface CapacityServer {
  readonly name: 'serve' | 'gathered' | 'nats' | 'workers' | 'icecast' | 'liquidsoap' | 'nginx';
  /** As tables call it. */
  readonly title: string;
  /** How it is set up, in a sentence. */
  readonly settings: string;
  /**
   * What tells how late media is: stamps of a live source, against what they come to for a few listeners; or, where a file is sent,
   * for how long nothing comes, against the same.
   */
  readonly lateness: 'delay' | 'pause';
  /** Streams that it can serve. */
  readonly streams: readonly CapacityStream['name'][];
  /** Why it cannot be measured here; null when it can. */
  missing(): string | null;
  /** @throws Error when it does not start; what had been started by then goes with the bench */
  start(bench: Bench, stream: CapacityStream): Promise<RunningServer>;
}
