import assert from 'node:assert/strict';
import test from 'node:test';
import { Progress } from './progress.ts';
import type { ProgressStream } from './progress.ts';

const standing = { elapsedSeconds: 0, listeners: 100, started: 100, receiving: 98, refused: 2, failed: 0, closed: 0, bitsPerSecond: 12_300_000, gaps: 1 };

function shown(stream: Omit<ProgressStream, 'write'>, seconds: readonly number[], started = 100): string {
  let text = '';
  const progress = new Progress({ ...stream, write: (piece: string) => (text += piece) });
  for (const elapsedSeconds of seconds) progress.show({ ...standing, started, elapsedSeconds });
  progress.end();
  return text;
}

test('progress: is one line on a terminal, left at the end', () => {
  const text = shown({ isTTY: true, columns: 200 }, [1.01, 2.01]);
  assert.equal(text, '\r1 s  98 receiving  12.3 Mbit/s  2 refused  0 failed  0 closed  1 gaps\x1b[K\r2 s  98 receiving  12.3 Mbit/s  2 refused  0 failed  0 closed  1 gaps\x1b[K\n');
});

test('progress: never wraps on a narrow terminal', () => {
  assert.equal(shown({ isTTY: true, columns: 20 }, [1]), '\r1 s  98 receiving  \x1b[K\n');
});

test('progress: is a line every five seconds elsewhere', () => {
  assert.deepEqual(shown({}, [1, 2, 3, 4, 5.02, 6, 9.98, 11]).split('\n').map((line) => line.split('  ')[0]), ['5 s', '10 s', '']);
});

test('progress: tells how many have been started until all have', () => {
  assert.match(shown({}, [5], 60), /^5 s {2}60 of 100 started {2}98 receiving/);
});

test('progress: leaves no line behind when there was none', () => assert.equal(shown({ isTTY: true }, []), ''));
