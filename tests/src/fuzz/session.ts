import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readSeeds } from './corpus.ts';
import { attemptOf, complaint, shrink } from './fuzz.ts';
import type { Attempt } from './fuzz.ts';
import { targetNamed } from './targets.ts';
import type { Findings, Orders } from './worker.ts';

/** No attempt takes a hundredth of this: one that is not over by then never will be. */
const runSecondsMax = 20;
const shrinkMillisMax = 5000;

/** In place of the number of a run while the worker loads. */
const notYet = -1;

export interface Session {
  /** Its name. */
  readonly target: string;
  readonly seconds: number;
  readonly seed: number;
  /** Only this run of the seed. */
  readonly run?: number;
  /** Where failing inputs are written. */
  readonly folder: string;
  readonly print: (line: string) => void;
}

/** Fuzzes one target, telling what it does every second. Resolves to the path of the failing input it saved, or null. */
export async function fuzz(session: Session): Promise<string | null> {
  const { target, seconds, seed, print } = session;
  const progress = new Int32Array(new SharedArrayBuffer(4)).fill(notYet);
  const firstRun = session.run ?? 0;
  const orders: Orders = { target, seed, firstRun, lastRun: session.run ?? Number.MAX_SAFE_INTEGER, millis: seconds * 1000, progress };
  const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: orders });
  const started = performance.now();
  let lastRun = notYet;
  let secondsStuck = 0;

  const findings = await new Promise<Findings | null>((resolve, reject) => {
    const clock = setInterval(() => {
      const run = Atomics.load(progress, 0);
      const elapsed = (performance.now() - started) / 1000;
      print(`${target}: ${Math.round(elapsed)} s, run ${run}, ${Math.max(0, Math.round((run - firstRun) / elapsed))} runs/s, seed ${seed}`);
      secondsStuck = run === lastRun && run !== notYet ? secondsStuck + 1 : 0;
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
    print(`${target}: ${findings.runs} runs, nothing found, seed ${seed}`);
    return null;
  }
  const attempt = attemptAt(session, findings.failedRun);
  const failure = complaint(targetNamed(target), attempt);
  return save(session, findings.failedRun, failure?.message ?? 'fails no more', failure);
}

/** Writes the input of a run, made smaller where that is possible, and tells how to see it fail again. */
function save(session: Session, run: number, message: string, failure: Error | null): string {
  const { target, seed, folder, print } = session;
  const attempt = attemptAt(session, run);
  const { input } = failure === null ? attempt : shrink(targetNamed(target), attempt, failure, shrinkMillisMax);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`);
  writeFileSync(path, input);
  print(`${target}: run ${run} of seed ${seed} ${message}`);
  if (failure?.stack !== undefined) print(failure.stack);
  print(`${target}: ${input.length} of ${attempt.input.length} bytes saved as ${path}`);
  print(`${target}: again: npm run fuzz -- ${target} 60 --seed ${seed} --run ${run}`);
  print(`${target}: or: npm run fuzz -- ${target} --input ${path}`);
  return path;
}

function attemptAt({ target, seed }: Session, run: number): Attempt {
  const known = targetNamed(target);
  return attemptOf(known, readSeeds(known), seed, run);
}
