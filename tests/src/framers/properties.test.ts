import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { frameBytesMax, initBytesMax } from '@weir/framers';
import type { FormatName } from '@weir/media';
import { assertLaws } from '../fuzz/laws.ts';
import { Random } from '../fuzz/random.ts';
import { fixtures, readFixture } from './fixtures.ts';
import { assertSameTrace, trace, whole } from './trace.ts';

/** Bytes of a fixture that a property looks at: a few groups of most. */
const excerptBytesMax = 40_000;
/** The same numbers each time: what a test run finds, the next one finds. `npm run fuzz` is for finding more. */
const settings = { seed: 1, numRuns: 60 };

const formats: readonly FormatName[] = [...new Set(fixtures.map(({ format }) => format))];

/** A fixture of the format, by its name, so that a counterexample can be read. */
function pathsOf(format: FormatName): fc.Arbitrary<string> {
  return fc.constantFrom(...fixtures.filter((fixture) => fixture.format === format).map(({ path }) => path));
}

function excerpt(path: string): Buffer {
  return readFixture({ path }).subarray(0, excerptBytesMax);
}

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 20_000 })), { minLength: 1, maxLength: 200 });

/** One way to damage a stream, at a fraction of its length. */
type Damage = { readonly place: number } & (
  | { readonly way: 'flip'; readonly bit: number }
  | { readonly way: 'insert'; readonly bytes: Uint8Array }
  | { readonly way: 'delete' | 'duplicate'; readonly count: number }
);

const place = fc.double({ min: 0, max: 1, noNaN: true });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ way: fc.constant('flip' as const), place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ way: fc.constant('insert' as const), place, bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }) }),
  fc.record({ way: fc.constantFrom('delete' as const, 'duplicate' as const), place, count: fc.integer({ min: 1, max: 3000 }) }),
);

function damaged(stream: Buffer, steps: readonly Damage[]): Buffer {
  return steps.reduce((input, step) => {
    const at = Math.floor(step.place * (input.length - 1));
    switch (step.way) {
      case 'flip': {
        const output = Buffer.from(input);
        output.writeUInt8(output.readUInt8(at) ^ (1 << step.bit), at);
        return output;
      }
      case 'insert':
        return Buffer.concat([input.subarray(0, at), step.bytes, input.subarray(at)]);
      case 'delete':
        return Buffer.concat([input.subarray(0, at), input.subarray(Math.min(input.length - 1, at + step.count))]);
      case 'duplicate':
        return Buffer.concat([input.subarray(0, at + step.count), input.subarray(at)]);
    }
  }, stream);
}

for (const format of formats) {
  test(`${format}: gives the same whatever the split`, () => {
    fc.assert(
      fc.property(pathsOf(format), sizes, (path, split) => {
        const input = excerpt(path);
        assertSameTrace(trace(format, input, split), trace(format, input, whole), 'split');
      }),
      settings,
    );
  });

  test(`${format}: loses no byte and keeps the laws when the stream is damaged`, () => {
    fc.assert(
      fc.property(pathsOf(format), fc.array(damage, { minLength: 1, maxLength: 8 }), sizes, (path, steps, split) => {
        assertLaws(format, damaged(excerpt(path), steps), [split]);
      }),
      settings,
    );
  });

  test(`${format}: keeps the laws on bytes of no format`, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5000 }), sizes, (bytes, split) => assertLaws(format, Buffer.from(bytes), [split])), settings);
  });
}

/** More than any frame may have: what is kept of it would be seen. */
const floodBytes = frameBytesMax + 4 * 1024 * 1024;
const floods: readonly { readonly name: string; readonly make: () => Buffer }[] = [
  { name: 'zeros', make: () => Buffer.alloc(1024 * 1024) },
  { name: 'noise', make: () => new Random(1).bytes(1024 * 1024) },
];

for (const format of formats) {
  for (const { name, make } of floods) {
    test(`${format}: holds no more than a frame and an init when ${name} flood it half way`, () => {
      const [first] = fixtures.filter((fixture) => fixture.format === format);
      assert.ok(first !== undefined);
      const fixture = readFixture(first);
      const head = fixture.subarray(0, fixture.length / 2);
      const flood = make();
      const input = Buffer.concat([head, ...Array.from({ length: floodBytes / flood.length }, () => flood), fixture]);
      const traced = trace(format, input, [64 * 1024]);
      assert.ok(traced.heldBytesMax <= frameBytesMax + initBytesMax, `${traced.heldBytesMax} bytes held`);
      for (const { frame } of traced.frames) assert.ok(frame.payload.length <= frameBytesMax, `a frame of ${frame.payload.length} bytes`);
    });
  }
}
