import assert from 'node:assert/strict';
import test from 'node:test';
import { Cast } from './cast.ts';

const cases: readonly { name: string; options: ConstructorParameters<typeof Cast>[0]; play: string }[] = [
  { name: 'plain listeners, some checked', options: { listeners: 6, slowShare: 0, stalledShare: 0, checked: 2 }, play: '..C..C' },
  { name: 'all checked', options: { listeners: 3, slowShare: 0, stalledShare: 0, checked: 100 }, play: 'CCC' },
  { name: 'stalled ones among the others', options: { listeners: 8, slowShare: 0, stalledShare: 0.25, checked: 0 }, play: '...x...x' },
  { name: 'slow and stalled ones', options: { listeners: 10, slowShare: 0.2, stalledShare: 0.2, checked: 3 }, play: '.C.sxC.Csx' },
  { name: 'nothing but stalled ones', options: { listeners: 3, slowShare: 0, stalledShare: 1, checked: 5 }, play: 'xxx' },
];
const letters = { steady: '.', slow: 's', stalled: 'x', passing: '?' } as const;
const playOf = (cast: Cast, listeners: number): string =>
  Array.from({ length: listeners }, (_, index) => cast.part(index)).map(({ role, checked }) => (checked ? 'C' : letters[role])).join('');

for (const { name, options, play } of cases) {
  test(`cast: ${name}`, () => assert.equal(playOf(new Cast(options), options.listeners), play));
}

test('cast: the counts are what the parts add up to, whatever the numbers', () => {
  for (const listeners of [1, 2, 7, 100, 999]) {
    for (const [slowShare, stalledShare, checked] of [[0, 0, 5], [0.1, 0.05, 100], [0.33, 0.33, 1], [0.5, 0.5, 3]] as const) {
      const cast = new Cast({ listeners, slowShare, stalledShare, checked });
      const parts = Array.from({ length: listeners }, (_, index) => cast.part(index));
      const count = (role: string): number => parts.filter((part) => part.role === role).length;
      assert.deepEqual(cast.counts, { steady: count('steady'), slow: count('slow'), stalled: count('stalled'), checked: parts.filter((part) => part.checked).length });
      assert.ok(parts.every((part) => !part.checked || part.role === 'steady'));
    }
  }
});
