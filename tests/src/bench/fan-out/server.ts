import type { Bench } from './bench.ts';
import type { TestStream } from './test-stream.ts';

/** A server with a source, ready for listeners. */
export interface RunningServer {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly path: string;
  /** The process on the server's core, whose CPU time counts. */
  readonly pid: number;
  /** Processes of the server beside that: workers, a bus, an ingest. */
  readonly otherPids: readonly number[];
  /** Ends it, its source and whatever else it needed. */
  stop(): Promise<void>;
}

/** Something that serves a stream to many. */
export interface Server {
  readonly name: 'floor' | 'bare-loop' | 'serve' | 'gathered' | 'nats' | 'icecast';
  /** As tables call it. */
  readonly title: string;
  /** Why it cannot be measured here; null when it can. */
  missing(): string | null;
  /** @throws Error when it does not start; what had been started by then goes with the bench */
  start(bench: Bench, stream: TestStream): Promise<RunningServer>;
}
