import { spawnSync } from 'node:child_process';

/** Process ids of those whose command line has `mark` in it, this test's own helpers aside. */
export function processesWith(mark: string): number[] {
  const { stdout } = spawnSync('pgrep', ['-f', '--', mark], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)
    .filter((pid) => pid !== process.pid);
}
