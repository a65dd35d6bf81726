import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';
import type { FuzzTarget } from './target.ts';

/** Inputs of a target that once broke a law, or might: one file each. What the fuzzer saves goes here when it is fixed. */
export function corpusFolder(target: string): string {
  return join(checkout, 'tests/fixtures/corpus', target);
}

export interface CorpusInput {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The corpus of a target, in the order of names. */
export function readCorpus(target: string): CorpusInput[] {
  const folder = corpusFolder(target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).sort().map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** What the fuzzer damages: the corpus and the target's own seeds. */
export function readSeeds(target: FuzzTarget): Buffer[] {
  return [...readCorpus(target.name).map(({ bytes }) => bytes), ...target.seeds()];
}
