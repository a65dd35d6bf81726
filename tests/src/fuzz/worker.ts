// Runs attempts one after the other and tells the parent which; one that never returns is the parent's to notice.
import { parentPort, workerData } from 'node:worker_threads';
import { readSeeds } from './corpus.ts';
import { search } from './fuzz.ts';
import type { Search } from './fuzz.ts';
import { targetNamed } from './targets.ts';

/** What the worker is started with. */
export interface Orders extends Omit<Search, 'onRun'> {
  readonly target: string;
  /** One number: the run under way. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

/** What the worker ends with. */
export type Findings = ReturnType<typeof search>;

const { target: name, progress, ...runs } = workerData as Orders;
const target = targetNamed(name);
const findings: Findings = search(target, readSeeds(target), { ...runs, onRun: (run) => Atomics.store(progress, 0, run) });
parentPort?.postMessage(findings);
