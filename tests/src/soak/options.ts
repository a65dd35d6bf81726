import { parseArgs } from 'node:util';
import { SoakError } from './soak-error.ts';

/** Minutes from which on a run tells enough for SOAK.md. */
export const toldMinutesMin = 30;

/** How long, and what of it is kept. */
export interface SoakOptions {
  readonly minutes: number;
  /** Where logs and heap snapshots stay; null: in a folder that is removed at the end. */
  readonly folder: string | null;
}

/** @throws SoakError that tells the usage */
export function readSoakOptions(argv: readonly string[]): SoakOptions {
  const usage = 'usage: npm run soak -- MINUTES [--keep FOLDER]   (--keep: logs, and a heap snapshot of each service from the end, stay there)';
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { keep: { type: 'string' } } });
    const minutes = Number(positionals[0]);
    if (positionals.length !== 1 || !(minutes >= 1)) throw new Error('how many minutes? at least 1');
    return { minutes, folder: values.keep ?? null };
  } catch (error) {
    throw new SoakError(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}
