import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from '../../support/checkout.ts';
import { BenchError } from './bench-error.ts';

/** Paths of the compiled programs that make the load; each one's source says what it does. */
export interface Tools {
  readonly stamper: string;
  readonly mp3Stamper: string;
  readonly listeners: string;
  readonly floor: string;
}

/** @throws BenchError when there is no compiler, or it does not take them */
export function compileTools(folder: string): Tools {
  return { stamper: compile('stamper', folder), mp3Stamper: compile('mp3-stamper', folder), listeners: compile('listeners', folder), floor: compile('floor', folder) };
}

function compile(name: string, folder: string): string {
  const source = join(checkout, 'tests/src/bench/fan-out/tools', `${name}.c`);
  const program = join(folder, name);
  const { status, error, stderr } = spawnSync('gcc', ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-o', program, source], { encoding: 'utf8' });
  if (error !== undefined) throw new BenchError('gcc is not there, and the load is made by small C programs: apt-get install gcc libc6-dev');
  if (status !== 0) throw new BenchError(`gcc does not compile ${source}:\n${stderr}`);
  return program;
}
