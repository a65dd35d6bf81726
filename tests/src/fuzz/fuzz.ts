import type { FormatName } from '@weir/media';
import type { Split } from '../framers/trace.ts';
import { assertLaws } from './laws.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

/** Long enough for several frames of any fixture, short enough for hundreds of runs a second. */
const inputBytesMax = 24 * 1024;

/** An input and its chunks; both follow from the seed and the number of the run. */
export interface Attempt {
  readonly input: Buffer;
  readonly splits: readonly Split[];
}

/** Makes the attempt with number `run` of `seed`. */
export function attemptOf(seeds: readonly Buffer[], seed: number, run: number): Attempt {
  const random = new Random(Math.imul(seed, 0x9e3779b1) + Math.imul(run, 0x85ebca6b));
  const base = window(random.pick(seeds), random);
  const input = mutate(base, random.pick(seeds), random, inputBytesMax);
  const bytesMax = random.pick([3, 30, 300, 3000]);
  return { input, splits: [Array.from({ length: 300 }, () => 1 + random.below(bytesMax))] };
}

/** The beginning of a seed, or its beginning and a later piece: what is far behind deserves runs too. */
function window(seed: Buffer, random: Random): Buffer {
  if (seed.length <= inputBytesMax) return seed;
  const head = random.pick([inputBytesMax, 1024, 8192]);
  const at = random.below(seed.length);
  return Buffer.concat([seed.subarray(0, head), seed.subarray(at, at + inputBytesMax - head)]);
}

/** What is wrong with an attempt; null when nothing is. */
export function complaint(format: FormatName, { input, splits }: Attempt): Error | null {
  try {
    assertLaws(format, input, splits);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Drops bytes from a failing attempt as long as it fails the same way, for at most `millisMax`. */
export function shrink(format: FormatName, attempt: Attempt, failure: Error, millisMax: number): Attempt {
  const deadline = performance.now() + millisMax;
  const kind = (error: Error): string => error.message.replaceAll(/\d+/g, '#').slice(0, 60);
  let smallest = attempt;
  for (let size = attempt.input.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < smallest.input.length && performance.now() < deadline; ) {
      const input = Buffer.concat([smallest.input.subarray(0, at), smallest.input.subarray(at + size)]);
      const error = complaint(format, { input, splits: attempt.splits });
      if (error !== null && kind(error) === kind(failure)) smallest = { input, splits: attempt.splits };
      else at += size;
    }
  }
  return smallest;
}
