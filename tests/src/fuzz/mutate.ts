import type { Random } from './random.ts';

/** Bytes that mean something somewhere: sync bytes, marks, the ends of ranges. */
const tellingBytes = [0x00, 0x01, 0x08, 0x09, 0x12, 0x1a, 0x47, 0x4f, 0x7f, 0x80, 0xa3, 0xd8, 0xd9, 0xfe, 0xff] as const;
/** Sizes that hostile or broken streams claim. */
const tellingSizes = [0, 1, 7, 8, 9, 0x7fff, 0x8000, 0xffff, 0xff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff] as const;

/** What an input is damaged with. */
export interface Damage {
  /** Lends bytes. */
  readonly other: Buffer;
  /** Mean something where the input goes; may be none. */
  readonly words: readonly string[];
  readonly random: Random;
  readonly bytesMax: number;
}

type Mutation = (input: Buffer, random: Random, other: Buffer, words: readonly string[]) => Buffer;

function range(input: Buffer, random: Random, bytesMax: number): [start: number, end: number] {
  const start = random.below(input.length + 1);
  return [start, Math.min(input.length, start + 1 + random.below(bytesMax))];
}

function withByte(input: Buffer, at: number, value: number): Buffer {
  const output = Buffer.from(input);
  if (at < output.length) output[at] = value;
  return output;
}

const mutations: readonly Mutation[] = [
  function flipBit(input, random) {
    const at = random.below(input.length);
    return withByte(input, at, (input[at] ?? 0) ^ (1 << random.below(8)));
  },
  (input, random) => withByte(input, random.below(input.length), random.below(256)),
  (input, random) => withByte(input, random.below(input.length), random.pick(tellingBytes)),
  function claimSize(input, random) {
    const output = Buffer.from(input);
    if (output.length >= 4) output.writeUInt32BE(random.pick(tellingSizes), random.below(output.length - 3));
    return output;
  },
  function claimLongSize(input, random) {
    const output = Buffer.from(input);
    if (output.length >= 8) output.writeBigUInt64BE((BigInt(random.pick(tellingSizes)) << 32n) | 0xffff_ffffn, random.below(output.length - 7));
    return output;
  },
  function insert(input, random) {
    const at = random.below(input.length + 1);
    return Buffer.concat([input.subarray(0, at), random.bytes(1 + random.below(300)), input.subarray(at)]);
  },
  function insertZeros(input, random) {
    const at = random.below(input.length + 1);
    return Buffer.concat([input.subarray(0, at), Buffer.alloc(1 + random.below(2000)), input.subarray(at)]);
  },
  function remove(input, random) {
    const [start, end] = range(input, random, 2000);
    return Buffer.concat([input.subarray(0, start), input.subarray(end)]);
  },
  function duplicate(input, random) {
    const [start, end] = range(input, random, 2000);
    return Buffer.concat([input.subarray(0, end), input.subarray(start)]);
  },
  function truncate(input, random) {
    return input.subarray(0, random.below(input.length + 1));
  },
  function insertWord(input, random, _, words) {
    if (words.length === 0) return input;
    const at = random.below(input.length + 1);
    return Buffer.concat([input.subarray(0, at), Buffer.from(random.pick(words), 'latin1'), input.subarray(at + random.pick([0, 0, 1, 4]))]);
  },
  function repeatWord(input, random, _, words) {
    const at = random.below(input.length + 1);
    const word = words.length === 0 || random.below(2) === 0 ? input.subarray(at, at + 1 + random.below(3)) : Buffer.from(random.pick(words), 'latin1');
    const repeated = word.length === 0 ? word : Buffer.alloc(word.length * (1 + random.below(1 << random.below(14))), word);
    return Buffer.concat([input.subarray(0, at), repeated, input.subarray(at)]);
  },
  function splice(input, random, other) {
    return Buffer.concat([input.subarray(0, random.below(input.length + 1)), other.subarray(random.below(other.length + 1))]);
  },
  function overwrite(input, random, other) {
    const output = Buffer.from(input);
    const [start, end] = range(other, random, 200);
    other.copy(output, random.below(output.length + 1), start, end);
    return output;
  },
];

/** Damages `input` in one to eight ways; what comes out is no longer than `bytesMax`. */
export function mutate(input: Buffer, { other, words, random, bytesMax }: Damage): Buffer {
  let output = input;
  for (let left = 1 + random.below(1 << random.below(4)); left > 0 && output.length > 0; left--) {
    output = random.pick(mutations)(output, random, other, words).subarray(0, bytesMax);
  }
  return output;
}
