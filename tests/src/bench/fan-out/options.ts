import { parseArgs } from 'node:util';
import { BenchError } from './bench-error.ts';
import { caseNames } from './cases.ts';
import type { CaseName } from './cases.ts';

/** How much is measured. */
export interface BenchOptions {
  readonly quick: boolean;
  /** Null: all. */
  readonly only: CaseName | null;
}

/** @throws BenchError that tells the usage */
export function readBenchOptions(argv: readonly string[]): BenchOptions {
  const usage = `usage: node tests/dist/bench/fan-out.js [--quick] [--only ${caseNames.join('|')}]`;
  try {
    const { values } = parseArgs({ args: [...argv], options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
    const only = caseNames.find((name) => name === values.only) ?? null;
    if (values.only !== undefined && only === null) throw new Error(`there is no case "${values.only}"`);
    return { quick: values.quick ?? false, only };
  } catch (error) {
    throw new BenchError(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}
