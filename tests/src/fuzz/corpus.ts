import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatName } from '@weir/media';
import { fixtures, readFixture } from '../framers/fixtures.ts';
import { checkout } from '../support/checkout.ts';

/** Inputs of a format that once broke a law, or might: one file each. What the fuzzer saves goes here when it is fixed. */
export function corpusFolder(format: FormatName): string {
  return join(checkout, 'tests/fixtures/corpus', format);
}

export interface CorpusInput {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The corpus of a format, in the order of names. */
export function readCorpus(format: FormatName): CorpusInput[] {
  const folder = corpusFolder(format);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).sort().map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** What the fuzzer damages: the corpus and the fixtures. */
export function readSeeds(format: FormatName): Buffer[] {
  return [...readCorpus(format).map(({ bytes }) => bytes), ...fixtures.filter((fixture) => fixture.format === format).map(readFixture)];
}
