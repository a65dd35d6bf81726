import type { Frame } from '@weir/media';

/** Takes the frames a framer finds, synchronously and in order. */
export type Emit = (frame: Frame) => void;

/** What a framer met that it could not use. Each only ever grows. */
export interface Faults {
  /** Bytes that belong to no frame: garbage, a damaged frame, what came before the first init. */
  readonly skippedBytes: number;
  /** Losses the container itself shows, such as a jump of an MPEG-TS continuity counter. */
  readonly gaps: number;
}

/**
 * Cuts a byte stream into frames without holding back a byte that could go out.
 *
 * - The first frame is an init; a change mid-stream emits another. Init payloads are extra to the input.
 * - The payloads of all other frames, in order, plus the skipped bytes, are the input. Two exceptions have the same length and
 *   other content, for the sake of who joins or leaves blocks out: `matroska` and `webm` clusters lose their size, `mp4` fragments
 *   with base_data_offset count from the moof box instead.
 * - Cut points, kinds and times do not depend on how the input is split; only the grouping of delta bytes does. One exception: in
 *   `wav` and `raw`, where every block is a cut point, a random access frame is as many blocks as came together.
 * - Payloads share memory with `chunk` where a frame lies within it and is the input: a caller must not write to a chunk it has pushed.
 * - Nothing the input says makes it throw, or hold more than the limits in `limits.ts`.
 */
export interface Framer {
  push(chunk: Uint8Array, emit: Emit): void;
  /** The source ended: emits what is whole; returns how many trailing bytes belong to no frame (not in `skippedBytes`). */
  end(emit: Emit): number;
  readonly faults: Faults;
}
