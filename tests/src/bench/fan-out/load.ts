import { BenchError } from './bench-error.ts';
import type { Bench } from './bench.ts';
import type { RunningServer } from './server.ts';

/** Who listens while a server is measured. */
export interface Load {
  readonly listeners: number;
  /** More of them, who send their request and never read. */
  readonly stalled: number;
  /** More of them, one after the other, who leave at their first byte of media. */
  readonly joins: number;
}

/** Seconds of one measurement. */
export interface Times {
  readonly warmUpSeconds: number;
  readonly windowSeconds: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What tools/listeners.c prints. */
export interface LoadReport {
  readonly listeners: number;
  /** Those who still got media at the end. */
  readonly served: number;
  readonly refused: number;
  readonly closed: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly stamps: number;
  readonly gaps: number;
  readonly delayMillis: Percentiles;
  /** For how long nothing came to a listener, between two of its reads. */
  readonly pauseMillis: Percentiles;
  readonly joined: number;
  readonly joinMillis: Percentiles;
  /** CPU of the server's process, and all that its core did. */
  readonly serverSeconds: number;
  readonly coreBusySeconds: number;
  readonly coreStolenSeconds: number;
  readonly clientSeconds: number;
  readonly residentBytesBefore: number;
  readonly residentBytesAfter: number;
}

/**
 * Puts a load on a server and measures it.
 *
 * @throws BenchError when the listeners could not tell
 */
export async function measureLoad(bench: Bench, server: RunningServer, load: Load, times: Times): Promise<LoadReport> {
  return await runListeners(bench, server, load, times, { pids: [server.pid], every: 1 });
}

/** What the listeners look at. */
export interface Watched {
  /** Processes whose CPU and memory are summed up. */
  readonly pids: readonly number[];
  /** Stamps are looked for by each so manieth listener; 0 for a stream without stamps. */
  readonly every: number;
}

/**
 * Puts a load on a server and measures what is told.
 *
 * @throws BenchError when the listeners could not tell
 */
export async function runListeners({ processes, tools, cores }: Bench, server: RunningServer, load: Load, times: Times, watched: Watched): Promise<LoadReport> {
  const options = { p: server.port, u: server.path, n: load.listeners, q: load.stalled, j: load.joins, w: times.warmUpSeconds, s: times.windowSeconds, e: watched.every, k: cores.server };
  const argv = [...Object.entries(options), ...watched.pids.map((pid) => ['c', pid] as const)].flatMap(([name, value]) => [`-${name}`, String(value)]);
  const listeners = processes.start(cores.client, tools.listeners, argv);
  const code = await listeners.exited;
  const said = listeners.said();
  if (code !== 0) throw new BenchError(`the listeners ended with ${code}: ${said}`);
  return JSON.parse(said.slice(said.indexOf('{'))) as LoadReport;
}
