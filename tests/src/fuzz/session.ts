import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FormatName } from '@weir/media';
import { readSeeds } from './corpus.ts';
import { attemptOf, complaint, shrink } from './fuzz.ts';
import type { Findings, Orders } from './worker.ts';

/** No attempt takes a hundredth of this: one that is not over by then never will be. */
const runSecondsMax = 20;
const shrinkMillisMax = 5000;

export interface Session {
  readonly format: FormatName;
  readonly seconds: number;
  readonly seed: number;
  /** Only this run of the seed. */
  readonly run?: number;
  /** Where failing inputs are written. */
  readonly folder: string;
  readonly print: (line: string) => void;
}

/** Fuzzes one format, telling what it does every second. Resolves to the path of the failing input it saved, or null. */
export async function fuzz(session: Session): Promise<string | null> {
  const { format, seconds, seed, print } = session;
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const firstRun = session.run ?? 0;
  const orders: Orders = { format, seed, firstRun, lastRun: session.run ?? Number.MAX_SAFE_INTEGER, millis: seconds * 1000, progress };
  const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: orders });
  const started = performance.now();
  let lastRun = -1;
  let secondsStuck = 0;

  const findings = await new Promise<Findings | null>((resolve, reject) => {
    const clock = setInterval(() => {
      const run = Atomics.load(progress, 0);
      const elapsed = (performance.now() - started) / 1000;
      print(`${format}: ${Math.round(elapsed)} s, run ${run}, ${Math.round((run - firstRun) / elapsed)} runs/s, seed ${seed}`);
      secondsStuck = run === lastRun ? secondsStuck + 1 : 0;
      lastRun = run;
      if (secondsStuck >= runSecondsMax) {
        clearInterval(clock);
        void worker.terminate().then(() => resolve(null));
      }
    }, 1000);
    worker.once('message', (message: Findings) => {
      clearInterval(clock);
      resolve(message);
    });
    worker.once('error', (error) => {
      clearInterval(clock);
      reject(error);
    });
  });
  await worker.terminate();

  if (findings === null) return save(session, Atomics.load(progress, 0), `does not come back within ${runSecondsMax} s`, null);
  if (findings.failedRun === null) {
    print(`${format}: ${findings.runs} runs, nothing found, seed ${seed}`);
    return null;
  }
  const attempt = attemptOf(readSeeds(format), seed, findings.failedRun);
  const failure = complaint(format, attempt);
  return save(session, findings.failedRun, failure?.message ?? 'fails no more', failure);
}

/** Writes the input of a run, made smaller where that is possible, and tells how to see it fail again. */
function save({ format, seed, folder, print }: Session, run: number, message: string, failure: Error | null): string {
  const attempt = attemptOf(readSeeds(format), seed, run);
  const { input } = failure === null ? attempt : shrink(format, attempt, failure, shrinkMillisMax);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`);
  writeFileSync(path, input);
  print(`${format}: run ${run} of seed ${seed} ${message}`);
  if (failure?.stack !== undefined) print(failure.stack);
  print(`${format}: ${input.length} of ${attempt.input.length} bytes saved as ${path}`);
  print(`${format}: again: npm run fuzz -- ${format} 60 --seed ${seed} --run ${run}`);
  print(`${format}: or: npm run fuzz -- ${format} --input ${path}`);
  return path;
}
