// npm run fuzz -- NAME|all SECONDS [--seed NUMBER] [--run NUMBER], or NAME --input FILE
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findFormat } from '@weir/media';
import { corpusFolder } from './corpus.ts';
import { complaint } from './fuzz.ts';
import { fuzz } from './session.ts';
import { targetNamed, targets } from './targets.ts';

const usage = `usage: npm run fuzz -- NAME|all SECONDS [--seed NUMBER] [--run NUMBER]
       npm run fuzz -- NAME --input FILE
Damages what weir is sent (fixtures, seeds and the corpus) and checks the laws of what takes it apart. The names:
${[...targets.keys()].join(' ')}
Exit code: 0 nothing found, 1 a law is broken (the input is saved in tests/fixtures/corpus/NAME), 2 these words.`;

function give(words: string): never {
  console.error(words);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, run: { type: 'string' }, input: { type: 'string' } },
});
const [word = '', secondsWord = ''] = positionals;
const known = targets.has(word) ? word : (findFormat(word)?.name ?? '');
const chosen: readonly string[] = word === 'all' ? [...targets.keys()] : targets.has(known) ? [known] : give(usage);

if (values.input !== undefined) {
  const input = readFileSync(values.input);
  for (const target of chosen) {
    const failure = complaint(targetNamed(target), { input, splits: [[7], [100], [1000]] });
    console.log(`${target}: ${failure?.stack ?? `${input.length} bytes break no law`}`);
    if (failure !== null) process.exitCode = 1;
  }
} else {
  const seconds = Number(secondsWord);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) give(usage);
  const failures: string[] = [];
  for (const target of chosen) {
    const run = values.run === undefined ? {} : { run: Number(values.run) };
    const saved = await fuzz({ target, seconds, seed, ...run, folder: corpusFolder(target), print: (line) => console.log(line) });
    if (saved !== null) failures.push(target);
  }
  if (failures.length > 0) console.log(`laws are broken for ${failures.join()}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
