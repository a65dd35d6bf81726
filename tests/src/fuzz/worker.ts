// Runs attempts one after the other and tells the parent which; a framer that never returns is the parent's to notice.
import { parentPort, workerData } from 'node:worker_threads';
import type { FormatName } from '@weir/media';
import { readSeeds } from './corpus.ts';
import { attemptOf, complaint } from './fuzz.ts';

/** What the worker is started with. */
export interface Orders {
  readonly format: FormatName;
  readonly seed: number;
  readonly firstRun: number;
  readonly lastRun: number;
  readonly millis: number;
  /** One number: the run under way. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

/** What the worker ends with: how many runs there were, and the number of the one that failed. */
export interface Findings {
  readonly runs: number;
  readonly failedRun: number | null;
}

const { format, seed, firstRun, lastRun, millis, progress } = workerData as Orders;
const seeds = readSeeds(format);
const deadline = performance.now() + millis;

let run = firstRun;
let failedRun: number | null = null;
for (; run <= lastRun && failedRun === null && performance.now() < deadline; run++) {
  Atomics.store(progress, 0, run);
  if (complaint(format, attemptOf(seeds, seed, run)) !== null) failedRun = run;
}
parentPort?.postMessage({ runs: run - firstRun, failedRun } satisfies Findings);
