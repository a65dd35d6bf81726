import assert from 'node:assert/strict';
import test from 'node:test';
import { frameBytesMax, initBytesMax, recognise, RecognisingFramer } from '@weir/framers';
import { Random } from '../fuzz/random.ts';
import { fixtures, readFixture } from './fixtures.ts';
import { assertSameTrace, byteByByte, mediaBytes, placesInInput, trace, traceFramer, whole } from './trace.ts';
import type { Split, Trace } from './trace.ts';

/** Chunks of a socket, of a pipe, of a packet, and of nobody. */
const evenSplits: readonly Split[] = [[64 * 1024], [4096], [1316], [188], [7]];
/** What no container takes for anything: in the middle of a stream even plain text may look like an element of so many bytes. */
const garbage = Buffer.alloc(1080);

function randomSplit(random: Random, bytesMax: number): Split {
  return Array.from({ length: 2000 }, () => 1 + random.below(bytesMax));
}

function randomAccess(traced: Trace): Trace['frames'] {
  return traced.frames.filter(({ frame }) => frame.kind === 'random-access');
}

for (const fixture of fixtures) {
  const input = readFixture(fixture);
  let once: Trace | undefined;
  const inOnePiece = (): Trace => (once ??= trace(fixture.format, input, whole));

  test(`${fixture.path}: is recognised by its first bytes, and then framed as if its format had been given`, () => {
    const expected = fixture.recognised === undefined ? fixture.format : fixture.recognised;
    assert.equal(recognise(input), expected);
    for (const split of [whole, [1000], byteByByte]) {
      const framer = new RecognisingFramer();
      const recognised = traceFramer(framer, input, split);
      assert.equal(framer.format, expected === 'more' ? null : expected);
      if (expected === fixture.format) assertSameTrace(recognised, inOnePiece(), `${split.join()} bytes at a time`);
    }
  });

  test(`${fixture.path}: every byte leaves in order or is counted`, () => {
    const traced = inOnePiece();
    placesInInput(input, traced);
    assert.equal(traced.skippedBytes, fixture.skippedBytes ?? 0);
    assert.equal(traced.leftBytes, fixture.leftBytes ?? 0);
    assert.equal(traced.gaps, fixture.gaps ?? 0);
  });

  test(`${fixture.path}: begins with an init, and has as many inits and random access frames as its encoder made`, () => {
    const traced = inOnePiece();
    const inits = traced.frames.filter(({ frame }) => frame.kind === 'init');
    assert.equal(inits.length, fixture.nothingToCut === true ? 0 : (fixture.parts?.length ?? 0) + 1);
    assert.equal(traced.frames[0]?.frame.kind, fixture.nothingToCut === true ? undefined : 'init');
    for (const { frame } of inits) assert.ok(frame.kind === 'init' && frame.format === fixture.format);
    assert.equal(randomAccess(traced).length, fixture.randomAccess);
  });

  test(`${fixture.path}: no frame is above its limit`, () => {
    const traced = inOnePiece();
    for (const { frame } of traced.frames) assert.ok(frame.payload.length <= (frame.kind === 'init' ? initBytesMax : frameBytesMax));
  });

  test(`${fixture.path}: times are there and do not run backwards where a decoder may start`, () => {
    let last = Number.NEGATIVE_INFINITY;
    for (const { frame, at } of inOnePiece().frames) {
      if (frame.kind === 'init') last = Number.NEGATIVE_INFINITY;
      if (frame.kind !== 'random-access') continue;
      assert.equal(frame.timeMicros !== null, fixture.untimed !== true, `time at ${at}`);
      assert.ok((frame.timeMicros ?? 0) >= last, `time at ${at}: ${frame.timeMicros} after ${last}`);
      last = frame.timeMicros ?? 0;
    }
  });

  test(`${fixture.path}: any split gives the same`, () => {
    const traced = trace(fixture.format, input, byteByByte);
    const random = new Random(1);
    assertSameTrace(inOnePiece(), traced, 'in one piece');
    for (const split of evenSplits) assertSameTrace(trace(fixture.format, input, split), traced, `${split.join()} bytes at a time`);
    for (const bytesMax of [4, 400, 40_000]) assertSameTrace(trace(fixture.format, input, randomSplit(random, bytesMax)), traced, `chunks of up to ${bytesMax} bytes`);
  });

  test(`${fixture.path}: garbage in front is skipped and counted`, () => {
    const traced = inOnePiece();
    const delayed = trace(fixture.format, Buffer.concat([garbage, input]), [1000]);
    assert.equal(delayed.skippedBytes, traced.skippedBytes + garbage.length);
    assert.ok(mediaBytes(delayed).equals(mediaBytes(traced)), 'what follows the garbage');
    if (fixture.format !== 'wav') assert.equal(randomAccess(delayed).length, randomAccess(traced).length);
  });

  if (fixture.unitsUnmarked !== true) {
    test(`${fixture.path}: a truncated tail is reported`, () => {
    const traced = inOnePiece();
      const last = traced.frames.at(-1);
      if (last === undefined) return;
      const cut = input.subarray(0, (placesInInput(input, traced).get(last.frame) ?? 0) + last.frame.payload.length - 3);
      const short = trace(fixture.format, cut, [1000]);
      placesInInput(cut, short);
      assert.ok(short.leftBytes > 0, 'end() reports nothing');
      assert.ok(mediaBytes(traced).subarray(0, mediaBytes(short).length).equals(mediaBytes(short)), 'what precedes the cut');
    });

    test(`${fixture.path}: garbage in the middle costs no more than the frames around it`, () => {
    const traced = inOnePiece();
      const cuts = randomAccess(traced);
      const target = cuts[Math.floor(cuts.length / 2)];
      const last = cuts.at(-1);
      if (target === undefined || last === undefined || target === last) return assert.equal(cuts.length, fixture.randomAccess);
      const place = placesInInput(input, traced).get(target.frame) ?? 0;
      const damaged = Buffer.concat([input.subarray(0, place), garbage, input.subarray(place)]);
      const resumed = trace(fixture.format, damaged, [1000]);
      placesInInput(damaged, resumed);
      assert.ok(resumed.skippedBytes >= garbage.length + traced.skippedBytes, 'the garbage is counted');
      const again = randomAccess(resumed).at(-1)?.frame;
      assert.ok(again !== undefined, 'no random access frame behind the garbage');
      assert.ok(mediaBytes(resumed).subarray(-(input.length - place) / 4).equals(mediaBytes(traced).subarray(-(input.length - place) / 4)), 'the end of the stream');
    });
  }
}
