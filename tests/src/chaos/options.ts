import { parseArgs } from 'node:util';

/** What is run. */
export interface ChaosOptions {
  /** Null: all scenarios, and at random afterwards. */
  readonly only: string | null;
  readonly seed: number;
  /** Of the random part. */
  readonly minutes: number;
}

/** The command line makes no sense; `message` tells the usage. */
export class ChaosUsageError extends Error {
  override readonly name = 'ChaosUsageError';
}

const usage = 'usage: npm run chaos [-- [--only NAME] [--seed N] [--minutes N]]';

/** @param names the scenarios there are @throws ChaosUsageError */
export function readChaosOptions(argv: readonly string[], names: readonly string[]): ChaosOptions {
  try {
    const { values } = parseArgs({ args: [...argv], options: { only: { type: 'string' }, seed: { type: 'string' }, minutes: { type: 'string' } } });
    const { only = null, seed = String(Date.now() % 100_000), minutes = '5' } = values;
    if (only !== null && !names.includes(only)) throw new Error(`there is no scenario "${only}", but ${names.join(', ')}`);
    return { only, seed: numberOf('--seed', seed), minutes: numberOf('--minutes', minutes) };
  } catch (error) {
    throw new ChaosUsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0) throw new Error(`${option} ${text}: expected a number`);
  return value;
}
