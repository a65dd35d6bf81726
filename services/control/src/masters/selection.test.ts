import assert from 'node:assert/strict';
import test from 'node:test';
import { parseConfiguration } from '@weir/config';
import type { MasterConfiguration } from '@weir/config';
import { selectStreams } from './selection.ts';
import type { Selection } from './selection.ts';

const [master] = parseConfiguration('masters: { url: http://a, paths: [/m/*, /x], prefix: /p }', 'weir.yml', {}).configuration.masters;

function select(entries: readonly (readonly [path: string, ...via: readonly string[]])[], deployment: string | null = 'there'): Selection {
  const catalogue = { deployment, entries: entries.map(([path, ...via]) => ({ path, via, isDown: false })) };
  return selectStreams(catalogue, master as MasterConfiguration, 'here');
}

test('selection: takes what the configuration asks for, once, under its path here', () => {
  const { offers, refused, circular, beyond } = select([['/m/a'], ['/x', 'other'], ['/y'], ['/m/a', 'again'], ['']]);
  assert.deepEqual([...offers], [
    ['/p/m/a', { path: '/m/a', before: [], via: ['there'], isDown: false }],
    ['/p/x', { path: '/x', before: ['other'], via: ['other', 'there'], isDown: false }],
  ]);
  assert.deepEqual([refused.size, circular.size, beyond], [0, 0, 0]);
  assert.deepEqual(select([['/x']], null).offers.get('/p/x')?.via, []);
});

test('selection: leaves what may come from here', () => {
  const { offers, circular } = select([['/m/a', 'other', 'here'], ['/m/b', 'other']]);
  assert.deepEqual([[...offers.keys()], [...circular]], [['/p/m/b'], ['/p/m/a']]);
});

const refused: readonly [path: string, via: readonly string[], why: RegExp][] = [
  ['/m/../x', [], /characters/],
  ['/m/\n', [], /characters/],
  [`/m/${'x'.repeat(196)}`, [], /characters/],
  [`/m/${'~'.repeat(150)}`, [], /too long/],
  ['/m/x.m3u', [], /playlist/],
  ['/m/a', Array.from({ length: 33 }, (_, index) => `d${index}`), /more than 32/],
  ['/m/a', ['a b'], /names that no weir has/],
  ['/m/a', [''], /names that no weir has/],
];
for (const [path, via, why] of refused) {
  test(`selection: refuses ${JSON.stringify(path.slice(0, 12))}: ${why.source}`, () => {
    const selection = select([[path, ...via]]);
    assert.equal(selection.offers.size, 0);
    assert.match(selection.refused.get(path) ?? '', why);
  });
}

test('selection: looks at a thousand streams and counts the others', () => {
  const { offers, beyond } = select(Array.from({ length: 1500 }, (_, index) => [`/m/${index}`]));
  assert.deepEqual([offers.size, beyond], [1000, 500]);
});
