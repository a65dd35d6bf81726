import assert from 'node:assert/strict';
import { createFramer } from '@weir/framers';
import type { Framer } from '@weir/framers';
import type { Frame, FormatName, InitFrame } from '@weir/media';
import { placeOfRelocated } from './relocated.ts';
import { beginsCluster, placeOfUnsized } from './unsized.ts';

/** A frame as it left, and where: `at` counts the bytes of all media frames before it. */
export interface Traced {
  readonly frame: Frame;
  readonly at: number;
}

/** What a framer made of one input. */
export interface Trace {
  readonly frames: readonly Traced[];
  readonly skippedBytes: number;
  readonly gaps: number;
  /** What `end` returned. */
  readonly leftBytes: number;
  /** The most bytes it had taken and neither emitted nor skipped after a push. */
  readonly heldBytesMax: number;
}

/** Sizes of successive chunks; the last one repeats, and a chunk ends with the input. */
export type Split = readonly number[];

export const whole: Split = [Number.POSITIVE_INFINITY];
export const byteByByte: Split = [1];

/** Runs a new framer of a format over `input`. */
export function trace(format: FormatName, input: Uint8Array, split: Split): Trace {
  return traceFramer(createFramer(format), input, split);
}

/** Runs a framer over `input`. Fails when a payload changes after it left, or is empty, or a fault count falls. */
export function traceFramer(framer: Framer, input: Uint8Array, split: Split): Trace {
  const frames: Traced[] = [];
  const asEmitted: Buffer[] = [];
  let emittedBytes = 0;
  const emit = (frame: Frame): void => {
    frames.push({ frame, at: emittedBytes });
    asEmitted.push(Buffer.from(frame.payload));
    if (frame.kind !== 'init') {
      assert.notEqual(frame.payload.length, 0, 'an empty media frame');
      emittedBytes += frame.payload.length;
    }
  };

  let heldBytesMax = 0;
  let skippedBytes = 0;
  for (let at = 0, turn = 0; at < input.length; turn++) {
    const size = split[Math.min(turn, split.length - 1)] ?? input.length;
    const chunk = input.subarray(at, at + size);
    framer.push(chunk, emit);
    at += chunk.length;
    assert.ok(framer.faults.skippedBytes >= skippedBytes, 'the count of skipped bytes fell');
    skippedBytes = framer.faults.skippedBytes;
    heldBytesMax = Math.max(heldBytesMax, at - emittedBytes - skippedBytes);
  }
  const leftBytes = framer.end(emit);
  frames.forEach(({ frame, at }, index) => {
    assert.ok(asEmitted[index]?.equals(frame.payload), `the ${frame.kind} frame at ${at} changed after it left`);
  });
  return { frames, skippedBytes: framer.faults.skippedBytes, gaps: framer.faults.gaps, leftBytes, heldBytesMax };
}

/** The payloads of all media frames. */
export function mediaBytes(traced: Trace): Buffer {
  return Buffer.concat(traced.frames.flatMap(({ frame }) => (frame.kind === 'init' ? [] : [frame.payload])));
}

/**
 * Where each media frame begins in the input. Fails unless the payloads are the input, in order, but for as many bytes
 * as were skipped or left, and but for what an MP4 fragment says of where its data is counted from, and for the size that a
 * Matroska cluster says it has.
 */
export function placesInInput(input: Buffer, traced: Trace): ReadonlyMap<Frame, number> {
  const places = new Map<Frame, number>();
  let init: InitFrame | null = null;
  let at = 0;
  let emittedBytes = 0;
  for (const { frame } of traced.frames) {
    if (frame.kind === 'init') {
      init = frame;
      continue;
    }
    const place = placeOf(input, frame.payload, at, init?.format);
    assert.ok(place >= 0, `the ${frame.kind} frame after ${emittedBytes} bytes is not in the input behind ${at}`);
    places.set(frame, place);
    at = place + frame.payload.length;
    emittedBytes += frame.payload.length;
  }
  assert.equal(emittedBytes + traced.skippedBytes + traced.leftBytes, input.length, 'bytes emitted + skipped + left are not the input');
  return places;
}

function placeOf(input: Buffer, payload: Uint8Array, from: number, format: FormatName | undefined): number {
  if ((format === 'matroska' || format === 'webm') && beginsCluster(payload)) return placeOfUnsized(input, payload, from);
  const exact = input.indexOf(payload, from);
  return exact >= 0 || format !== 'mp4' ? exact : placeOfRelocated(input, payload, from);
}

interface Mark {
  readonly at: number;
  readonly init?: string;
  readonly payload?: string;
  readonly timeMicros?: number | null;
}

/** Everything of a trace that must not follow the input's chunks: inits, cut points and the times of frames, by place. */
function marks(traced: Trace): Mark[] {
  return traced.frames.flatMap(({ frame, at }): Mark[] => {
    if (frame.kind === 'init') return [{ at, init: frame.contentType, payload: Buffer.from(frame.payload).toString('base64') }];
    return frame.kind === 'random-access' ? [{ at, timeMicros: frame.timeMicros }] : [];
  });
}

/**
 * Fails unless both runs, over the same input in other chunks, say the same. Where every block of bytes is a cut point
 * (wav, raw), which of them are marked does follow the chunks: then those that both runs mark are compared.
 */
export function assertSameTrace(actual: Trace, expected: Trace, what: string): void {
  assert.ok(mediaBytes(actual).equals(mediaBytes(expected)), `${what}: other bytes`);
  const [ours, theirs] = [marks(actual), marks(expected)];
  const cutsEverywhere = actual.frames.some(({ frame }) => frame.kind === 'init' && (frame.format === 'wav' || frame.format === 'raw'));
  const places = new Set(theirs.map(({ at }) => at));
  const ourPlaces = new Set(ours.map(({ at }) => at));
  const common = (list: readonly Mark[], others: ReadonlySet<number>): readonly Mark[] => (cutsEverywhere ? list.filter(({ at }) => others.has(at)) : list);
  assert.deepEqual(common(ours, places), common(theirs, ourPlaces), `${what}: other inits, cut points or times`);
  const timeAt = new Map(expected.frames.map(({ frame, at }) => [at, frame.kind === 'delta' ? frame.timeMicros : undefined]));
  for (const { frame, at } of actual.frames) {
    const time = timeAt.get(at);
    if (frame.kind === 'delta' && time !== undefined) assert.equal(frame.timeMicros, time, `${what}: another time of the delta frame at ${at}`);
  }
  const faults = ({ skippedBytes, gaps, leftBytes }: Trace): unknown => ({ skippedBytes, gaps, leftBytes });
  assert.deepEqual(faults(actual), faults(expected), `${what}: other faults`);
}
