import assert from 'node:assert/strict';
import test from 'node:test';
import { parseConfiguration } from '@weir/config';
import { nextMirrored, sameMirrored } from './mirrored.ts';
import type { Giver, MirroredStreams } from './mirrored.ts';
import type { Offer } from './selection.ts';

interface Told {
  /** By the path on the master, which is that here, too. */
  readonly streams?: Readonly<Record<string, Partial<Offer>>>;
  readonly circular?: readonly string[];
  readonly silent?: boolean;
}

/** The masters http://a, http://b ..., each with what it told; null: nothing yet. */
function givers(...told: readonly (Told | null)[]): readonly Giver[] {
  return told.map((each, index) => {
    const name = `http://${'abc'[index]}`;
    const [configuration] = parseConfiguration(`masters: ${name}`, 'weir.yml', {}).configuration.masters;
    assert.ok(configuration !== undefined);
    const offers = Object.entries(each?.streams ?? {}).map(([path, offer]) => [path, { path, before: [], via: [], isDown: false, ...offer }] as const);
    const selection = each === null ? null : { offers: new Map(offers), circular: new Set(each.circular ?? []), refused: new Map(), beyond: 0 };
    return { configuration, name, selection, silent: each?.silent ?? false };
  });
}

const nobody = (): boolean => false;
const everybody = (): boolean => true;
const next = (now: MirroredStreams, told: readonly Giver[], used: () => boolean = nobody, nowMillis = 0): MirroredStreams => nextMirrored(now, told, used, nowMillis);
const lists = (streams: MirroredStreams): object => Object.fromEntries([...streams].map(([path, { of }]) => [path, of.join(' ')]));
const none: MirroredStreams = new Map();

test('mirrored streams: the same path of several masters is one, in their order, over the fewest servers first', () => {
  const streams = next(none, givers({ streams: { '/x': { before: ['c'], via: ['c', 'a'] }, '/y': {} } }, { streams: { '/y': {}, '/x': { via: ['b'] } } }));
  assert.deepEqual(lists(streams), { '/x': 'http://b/x http://a/x', '/y': 'http://a/y http://b/y' });
  assert.deepEqual(streams.get('/x')?.via, ['a', 'b', 'c']);
});

test('mirrored streams: one that no master has stays for three looks, and while somebody listens', () => {
  const gone = givers({});
  let streams = next(next(none, givers({ streams: { '/x': {} } })), gone, nobody, 1000);
  streams = next(streams, gone, nobody, 30_999);
  assert.deepEqual(lists(streams), { '/x': 'http://a/x' });
  assert.deepEqual(lists(next(streams, gone, nobody, 31_000)), {});
  streams = next(streams, gone, everybody, 99_000);
  assert.deepEqual(lists(streams), { '/x': 'http://a/x' });
  assert.equal(next(streams, givers({ streams: { '/x': {} } })).get('/x')?.missingSinceMillis, null);
});

test('mirrored streams: those of a silent master stay, and so do those of one that has not answered yet', () => {
  const streams = next(none, givers({ streams: { '/x': {} } }, { streams: { '/y': {} } }));
  for (const told of [givers({ streams: { '/x': {} }, silent: true }, { streams: { '/y': {} } }), givers(null, null)]) {
    assert.ok(sameMirrored(streams, next(next(streams, told, nobody, 1000), told, nobody, 1e9)));
  }
});

test('mirrored streams: those of a master that is no longer configured go at once', () => {
  const [a, b] = givers({ streams: { '/x': {} } }, { streams: { '/x': {}, '/y': {} } });
  assert.ok(a !== undefined && b !== undefined);
  assert.deepEqual(lists(next(next(none, [a, b]), [a], everybody)), { '/x': 'http://a/x' });
});

const changes: readonly [name: string, told: readonly Told[], of: string][] = [
  ['stay when one more has it', [{ streams: { '/x': {} } }, { streams: { '/x': {} } }], 'http://a/x'],
  ['stay when another has it nearer', [{ streams: { '/x': { before: ['c'] } } }, { streams: { '/x': {} } }], 'http://a/x'],
  ['change when their master falls silent', [{ streams: { '/x': {} }, silent: true }, { streams: { '/x': {} } }], 'http://a/x http://b/x'],
  ['change when their master says that it is down', [{ streams: { '/x': { isDown: true } } }, { streams: { '/x': {} } }], 'http://a/x http://b/x'],
  ['change when their master has it no more', [{}, { streams: { '/x': {} } }], 'http://b/x'],
  ['change when their master has it from here', [{ circular: ['/x'] }, { streams: { '/x': {} } }], 'http://b/x'],
];
for (const [name, told, of] of changes) {
  test(`mirrored streams: under listeners, URLs ${name}`, () => {
    const before = next(none, givers({ streams: { '/x': {} } }, {}));
    assert.deepEqual(lists(next(before, givers(...told), everybody)), { '/x': of });
  });
}

test('mirrored streams: one that turns out to come from here is gone at once, whoever listens', () => {
  const before = next(none, givers({ streams: { '/x': {} } }));
  assert.deepEqual(lists(next(before, givers({ circular: ['/x'] }), everybody)), {});
});

test('mirrored streams: are a thousand at most, over all masters, and those that are there stay', () => {
  const many = (letter: string): Told => ({ streams: Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`/${letter}${index}`, {}])) });
  const first = next(none, givers({}, many('b')));
  const both = next(first, givers(many('a'), many('b')));
  assert.equal(both.size, 1000);
  assert.ok([...first.keys()].every((path) => both.has(path)));
});
