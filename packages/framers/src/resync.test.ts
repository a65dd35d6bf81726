import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@weir/media';
import { cut } from './cut.testing.ts';
import type { Emit, Framer } from './framer.ts';
import { Resync } from './resync.ts';
import type { Step, Syntax } from './resync.ts';

/** A unit is `#`, a kind, its size as a digit, and dots; a tag is `<`, its size as a digit, and dots. */
const toy: Syntax = {
  unit: (bytes, at, end) => sized(bytes, at, end, 0x23, 2),
  likeness: (bytes, at) => bytes[at + 1]!,
  plausible: () => true,
  intact: (bytes, at, size) => bytes[at + size - 1] !== 0x21, // an exclamation mark at the end is a wrong checksum
  tag: (bytes, at, end) => sized(bytes, at, end, 0x3c, 1),
  confirmations: 2,
  stepBytes: 3,
};

function sized(bytes: Uint8Array, at: number, end: number, mark: number, sizeAt: number): Step {
  if (bytes[at] !== mark) return 'invalid';
  if (at + sizeAt >= end) return 'short';
  const size = bytes[at + sizeAt]! - 0x30;
  return size > sizeAt && size <= 9 ? size : 'invalid';
}

class ToyFramer implements Framer {
  readonly resync: Resync;

  constructor(syntax: Syntax) {
    this.resync = new Resync(syntax, (bytes, at, size, emit) => emit({ kind: 'random-access', payload: bytes.subarray(at, at + size), timeMicros: null }));
  }

  get faults(): Resync['faults'] {
    return this.resync.faults;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    this.resync.push(chunk, emit);
  }

  end(emit: Emit): number {
    return this.resync.end(emit);
  }
}

const checked: Syntax = { ...toy, confirmations: 0 };
/** Out of sync, nothing above four bytes is believed, or above what has been skipped. */
const doubting: Syntax = { ...checked, plausible: (_bytes, _at, size, skippedBytes) => size <= Math.max(4, skippedBytes) };
const cases: readonly [name: string, stream: string, units: readonly string[], skippedBytes: number, left: number, syntax?: Syntax][] = [
  ['takes units from the first byte', '#a5..#a3#a4.', ['#a5..', '#a3', '#a4.'], 0, 0],
  ['skips garbage in front', '..#.a#a5..#a3#a4.', ['#a5..', '#a3', '#a4.'], 5, 0],
  ['skips garbage between units', '#a3#a3#a3??!#a4.#a3#a3', ['#a3', '#a3', '#a3', '#a4.', '#a3', '#a3'], 3, 0],
  ['does not believe a unit that nothing follows', '#a5..??#a3#a3#a3', ['#a3', '#a3', '#a3'], 7, 0],
  ['does not believe a unit that another kind follows', '#b3#a3#a3#a3', ['#a3', '#a3', '#a3'], 3, 0],
  ['believes another kind in sync when it goes on', '#a3#a3#a3#b4.#b3#b3', ['#a3', '#a3', '#a3', '#b4.', '#b3', '#b3'], 0, 0],
  ['does not believe another kind in sync for one unit', '#a3#a3#a3#b4.#a3#a3#a3', ['#a3', '#a3', '#a3', '#a3', '#a3', '#a3'], 4, 0],
  ['takes the end for units that are missing', '??#a5..', ['#a5..'], 2, 0],
  ['reports a unit that the end cuts short', '#a3#a3#a3#a9...', ['#a3', '#a3', '#a3'], 0, 6],
  ['finds a unit hidden in one that the end cuts short', '#a9..#a3', ['#a3'], 5, 0],
  ['reports a tail without units', '#a3#a3#a3#a9', ['#a3', '#a3', '#a3'], 0, 3],
  ['skips tags and stays in sync', '<4..#a3<3.#a3#a3<2', ['#a3', '#a3', '#a3'], 9, 0],
  ['takes a tag for units that are missing', '#a3<9.......', ['#a3'], 9, 0],
  ['counts a tag that the end cuts short', '#a3#a3#a3<9..', ['#a3', '#a3', '#a3'], 4, 0],
  ['needs no confirmation where a checksum proves a unit', '??#a4.??#b3', ['#a4.', '#b3'], 4, 0, checked],
  ['does not wait for a unit that is not plausible', '??#a9#b3#b9#b3...', ['#b3', '#b9#b3...'], 5, 0, doubting],
  ['believes any unit in sync', '#a3#a9......', ['#a3', '#a9......'], 0, 0, doubting],
  ['counts what is skipped since the last unit', '.....#a3???#a5..??#a7....', ['#a3', '#a7....'], 15, 0, doubting],
  ['skips a unit whose checksum is wrong', '#a4.#a4!#a4.', ['#a4.', '#a4.'], 4, 0, checked],
];
for (const [name, stream, units, skippedBytes, left, syntax = toy] of cases) {
  test(`resync: ${name}`, () => {
    const run = cut(() => new ToyFramer(syntax), Buffer.from(stream));
    assert.deepEqual(run.frames.map(({ payload }) => Buffer.from(payload).toString()), units);
    assert.deepEqual([run.skippedBytes, run.left], [skippedBytes, left]);
  });
}

test('resync: in sync, a unit leaves with its last byte', () => {
  const framer = new ToyFramer(toy);
  const frames: Frame[] = [];
  framer.push(Buffer.from('#a3#a3#a3#a9....'), (frame) => frames.push(frame));
  assert.equal(frames.length, 3);
  framer.push(Buffer.from('..'), (frame) => frames.push(frame));
  assert.equal(frames.length, 4);
});

test('resync: units within a chunk share its memory, also those behind one that straddles', () => {
  const framer = new ToyFramer(toy);
  const frames: Frame[] = [];
  const second = Buffer.from('...#a3#a3#a3#a5');
  framer.push(Buffer.from('#a3#a3#a9..'), (frame) => frames.push(frame));
  framer.push(second, (frame) => frames.push(frame));
  const shared = frames.map(({ payload }) => payload.buffer === second.buffer && payload.byteOffset >= second.byteOffset);
  assert.deepEqual(shared.slice(-3), [true, true, true]);
});

test('resync: bytes are looked at again only from where they were', () => {
  const examinedBytes: number[] = [];
  const spying: Syntax = {
    ...checked,
    unit(bytes, at, end, examined) {
      examinedBytes.push(examined);
      return toy.unit(bytes, at, end, examined);
    },
  };
  const framer = new ToyFramer(spying);
  for (const byte of '#a3#') framer.push(Buffer.from(byte), () => {});
  assert.deepEqual(examinedBytes.filter((count, index) => count !== examinedBytes[index - 1]), [0, 1, 2, 0]);
});
