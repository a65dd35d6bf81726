import assert from 'node:assert/strict';
import test from 'node:test';
import { describeEnd } from './command-end.ts';
import type { CommandEnd } from './command-end.ts';

const ran = { program: 'ffmpeg', asked: null, forced: false, ranMillis: 3210, stderrTail: ['Input #0', 'Connection refused'] } as const;
const cases: readonly [end: CommandEnd, words: string][] = [
  [{ ...ran, kind: 'exited', code: 1 }, 'ffmpeg exited with code 1 after 3.2 s: Connection refused'],
  [{ ...ran, kind: 'exited', code: 0 }, 'ffmpeg exited with code 0 after 3.2 s'],
  [{ ...ran, kind: 'exited', code: 1, stderrTail: [] }, 'ffmpeg exited with code 1 after 3.2 s'],
  [{ ...ran, kind: 'signalled', signal: 'SIGSEGV' }, 'ffmpeg was ended by SIGSEGV after 3.2 s: Connection refused'],
  [{ ...ran, kind: 'exited', code: 0, forced: true }, 'ffmpeg exited with code 0 after 3.2 s; what it left running was killed'],
  [{ ...ran, kind: 'exited', code: 255, asked: 'nobody listens' }, 'ffmpeg was stopped after 3.2 s (nobody listens)'],
  [{ ...ran, kind: 'signalled', signal: 'SIGKILL', asked: 'no bytes for 10 s', forced: true }, 'ffmpeg was stopped after 3.2 s (no bytes for 10 s); SIGTERM was not enough'],
  [{ ...ran, kind: 'not-started', ranMillis: 0, error: 'ENOENT', message: 'ffmpeg: not found in PATH: install it or give its full path' }, 'ffmpeg: not found in PATH: install it or give its full path'],
];
for (const [end, words] of cases) {
  test(`command end: is said "${words}"`, () => assert.equal(describeEnd(end), words));
}
