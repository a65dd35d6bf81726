// npm run fuzz -- FORMAT|all SECONDS [--seed NUMBER] [--run NUMBER], or FORMAT --input FILE
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findFormat, formats } from '@weir/media';
import type { FormatName } from '@weir/media';
import { corpusFolder } from './corpus.ts';
import { complaint } from './fuzz.ts';
import { fuzz } from './session.ts';

const usage = `usage: npm run fuzz -- FORMAT|all SECONDS [--seed NUMBER] [--run NUMBER]
       npm run fuzz -- FORMAT --input FILE
Damages fixtures and the corpus and checks the laws of the framers on each. Exit code: 0 nothing found, 1 a law is
broken (the input is saved in tests/fixtures/corpus/FORMAT), 2 these words.`;

function give(words: string): never {
  console.error(words);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, run: { type: 'string' }, input: { type: 'string' } },
});
const [word = '', secondsWord = ''] = positionals;
const chosen = word === 'all' ? [...formats.keys()].filter((name) => name !== 'raw') : [findFormat(word)?.name ?? give(usage)];

if (values.input !== undefined) {
  const input = readFileSync(values.input);
  for (const format of chosen) {
    const failure = complaint(format, { input, splits: [[7], [100], [1000]] });
    console.log(`${format}: ${failure?.stack ?? `${input.length} bytes break no law`}`);
    if (failure !== null) process.exitCode = 1;
  }
} else {
  const seconds = Number(secondsWord);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) give(usage);
  const failures: FormatName[] = [];
  for (const format of chosen) {
    const run = values.run === undefined ? {} : { run: Number(values.run) };
    const saved = await fuzz({ format, seconds, seed, ...run, folder: corpusFolder(format), print: (line) => console.log(line) });
    if (saved !== null) failures.push(format);
  }
  if (failures.length > 0) console.log(`laws are broken for ${failures.join()}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
