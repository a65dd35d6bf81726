import type { Split } from '../framers/trace.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { FuzzTarget } from './target.ts';

/**
 * Milliseconds of the processor that no input may take, the fastest of {@link attemptsMax} times: the inputs are small, so what takes
 * longer does not grow with them alone. The machine's other work does not count, as the clock would.
 */
const attemptMillisMax = 500;
const attemptsMax = 3;

/** An input and its chunks; both follow from the seed and the number of the run. */
export interface Attempt {
  readonly input: Buffer;
  readonly splits: readonly Split[];
}

/** Makes the attempt with number `run` of `seed`. */
export function attemptOf({ words, bytesMax }: FuzzTarget, seeds: readonly Buffer[], seed: number, run: number): Attempt {
  const random = new Random(Math.imul(seed, 0x9e3779b1) + Math.imul(run, 0x85ebca6b));
  const base = window(random.pick(seeds), random, bytesMax);
  const input = mutate(base, { other: random.pick(seeds), words, random, bytesMax });
  const chunkBytesMax = random.pick([3, 30, 300, 3000]);
  return { input, splits: [Array.from({ length: 300 }, () => 1 + random.below(chunkBytesMax))] };
}

/** The beginning of a seed, or its beginning and a later piece: what is far behind deserves runs too. */
function window(seed: Buffer, random: Random, bytesMax: number): Buffer {
  if (seed.length <= bytesMax) return seed;
  const head = random.pick([bytesMax, 1024, 8192]);
  const at = random.below(seed.length);
  return Buffer.concat([seed.subarray(0, head), seed.subarray(at, at + bytesMax - head)]);
}

/** What is wrong with an attempt; null when nothing is. */
export function complaint(target: FuzzTarget, attempt: Attempt): Error | null {
  let fastestMillis = Infinity;
  for (let times = 0; times < attemptsMax; times++) {
    const started = process.cpuUsage();
    try {
      target.check(attempt.input, attempt.splits);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    const { user, system } = process.cpuUsage(started);
    fastestMillis = Math.min(fastestMillis, (user + system) / 1000);
    if (fastestMillis <= attemptMillisMax) return null;
  }
  return new Error(`takes ${Math.round(fastestMillis)} ms for ${attempt.input.length} bytes`);
}

/** Which runs of a seed are tried, and for how long. */
export interface Search {
  readonly seed: number;
  readonly firstRun: number;
  readonly lastRun: number;
  readonly millis: number;
  /** Called before each run. */
  readonly onRun: (run: number) => void;
}

/** Tries one attempt after the other: how many there were, and the number of the one that failed. */
export function search(target: FuzzTarget, seeds: readonly Buffer[], { seed, firstRun, lastRun, millis, onRun }: Search): { readonly runs: number; readonly failedRun: number | null } {
  const deadline = performance.now() + millis;
  let run = firstRun;
  for (; run <= lastRun && performance.now() < deadline; run++) {
    onRun(run);
    if (complaint(target, attemptOf(target, seeds, seed, run)) !== null) return { runs: run + 1 - firstRun, failedRun: run };
  }
  return { runs: run - firstRun, failedRun: null };
}

/** Drops bytes from a failing attempt as long as it fails the same way, for at most `millisMax`. */
export function shrink(target: FuzzTarget, attempt: Attempt, failure: Error, millisMax: number): Attempt {
  const deadline = performance.now() + millisMax;
  const kind = (error: Error): string => error.message.replaceAll(/\d+/g, '#').slice(0, 60);
  let smallest = attempt;
  for (let size = attempt.input.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < smallest.input.length && performance.now() < deadline; ) {
      const input = Buffer.concat([smallest.input.subarray(0, at), smallest.input.subarray(at + size)]);
      const error = complaint(target, { input, splits: attempt.splits });
      if (error !== null && kind(error) === kind(failure)) smallest = { input, splits: attempt.splits };
      else at += size;
    }
  }
  return smallest;
}
