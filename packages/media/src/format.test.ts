import assert from 'node:assert/strict';
import test from 'node:test';
import { findFormat, formats } from './format.ts';

const cases: readonly [word: string, name: string | undefined][] = [
  ['mpegts', 'mpegts'],
  ['video/MP2T', 'mpegts'],
  ['.ts', 'mpegts'],
  ['audio/aacp; charset=x', 'adts'],
  ['multipart/x-mixed-replace; boundary=frame', 'mpjpeg'],
  ['audio/ogg;codecs=opus', 'ogg'],
  ['text/plain', undefined],
  ['', undefined],
];
for (const [word, name] of cases) {
  test(`format: "${word}" is ${name ?? 'unknown'}`, () => assert.equal(findFormat(word)?.name, name));
}

test('format: no alias stands for two formats', () => {
  const seen = new Map<string, string>();
  for (const format of formats.values()) {
    for (const alias of new Set([format.name, format.contentType, ...format.aliases])) {
      assert.equal(seen.get(alias), undefined, `${alias}: ${format.name} and ${seen.get(alias)}`);
      seen.set(alias, format.name);
    }
  }
});
