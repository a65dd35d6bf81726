import { byteByByte } from '../framers/trace.ts';
import type { Split } from '../framers/trace.ts';

/** Something that takes apart what strangers send, and the laws it obeys for any input whatever. */
export interface FuzzTarget {
  /** Names its corpus folder, and what `npm run fuzz` is told. */
  readonly name: string;
  /** What is damaged, beside the corpus. */
  readonly seeds: () => readonly Buffer[];
  /** What means something to it, put in here and there. */
  readonly words: readonly string[];
  /** Bytes of the longest input that is tried. */
  readonly bytesMax: number;
  /** Fails with an error that names the law that `input` breaks. Comes back at once, or never. */
  readonly check: (input: Buffer, splits: readonly Split[]) => void;
}

/** Seeds of text. */
export function texts(...seeds: readonly string[]): () => readonly Buffer[] {
  return () => seeds.map((seed) => Buffer.from(seed, 'latin1'));
}

/** An input in chunks; the last size of a split repeats. */
export function chunksOf(input: Buffer, split: Split): readonly Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < input.length; ) {
    const size = split[Math.min(chunks.length, split.length - 1)] ?? input.length;
    chunks.push(input.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** One by one, where that takes no time; else in chunks that end nowhere in particular. */
export function finely(input: Buffer): Split {
  return input.length <= 2048 ? byteByByte : [997];
}
