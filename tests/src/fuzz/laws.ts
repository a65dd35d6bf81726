import assert from 'node:assert/strict';
import { frameBytesMax, initBytesMax } from '@weir/framers';
import type { FormatName } from '@weir/media';
import { assertSameTrace, byteByByte, placesInInput, trace, whole } from '../framers/trace.ts';
import type { Split } from '../framers/trace.ts';

/** Inputs up to this size are also pushed one byte at a time. */
const byteByByteMax = 4096;

/** The two that one framer cuts: the stream's own header tells which it is. */
const ebml: ReadonlySet<FormatName> = new Set(['matroska', 'webm']);

/** Fails unless the framer of `format` obeys, for any `input` whatever, the laws that do not suppose a sound stream. */
export function assertLaws(format: FormatName, input: Buffer, splits: readonly Split[]): void {
  const traced = trace(format, input, whole);
  placesInInput(input, traced);
  assert.ok(traced.frames.length === 0 || traced.frames[0]?.frame.kind === 'init', 'the first frame is no init');
  for (const { frame } of traced.frames) {
    if (frame.kind === 'init') assert.ok(frame.format === format || (ebml.has(frame.format) && ebml.has(format)), `an init of ${frame.format}`);
    assert.ok(frame.payload.length <= (frame.kind === 'init' ? initBytesMax : frameBytesMax), `a frame of ${frame.payload.length} bytes`);
    if (frame.kind !== 'init' && frame.timeMicros !== null) assert.ok(Number.isFinite(frame.timeMicros), `the time ${frame.timeMicros}`);
  }
  for (const split of input.length <= byteByByteMax ? [byteByByte, ...splits] : splits) {
    assertSameTrace(trace(format, input, split), traced, `chunks of ${split.slice(0, 20).join()}...`);
  }
}
