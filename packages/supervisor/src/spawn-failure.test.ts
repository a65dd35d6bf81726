import assert from 'node:assert/strict';
import test from 'node:test';
import { explainSpawnFailure } from './spawn-failure.ts';

const cases: readonly [code: string | undefined, message: string][] = [
  ['EAGAIN', 'ffmpeg: no more processes may be started: raise the limit (ulimit -u, or pids of the container)'],
  ['EMFILE', 'ffmpeg: too many open files: raise the limit (ulimit -n)'],
  ['ENFILE', 'ffmpeg: too many open files: raise the limit (ulimit -n)'],
  ['ENOMEM', 'ffmpeg: not enough memory to start it'],
  ['EACCES', 'ffmpeg: may not be executed: check its permissions (chmod +x) and those of its directories'],
  ['EIO', 'ffmpeg: spawn EIO'],
  [undefined, 'ffmpeg: spawn undefined'],
];
for (const [code, message] of cases) {
  test(`spawn failure: ${code} says what to do`, () => {
    const cause = Object.assign(new Error(`spawn ${code}`), code === undefined ? {} : { code });
    assert.deepEqual(explainSpawnFailure(cause, 'ffmpeg'), { error: code ?? 'UNKNOWN', message });
  });
}
