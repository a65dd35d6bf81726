import { recogniseBytesMax, RecognisingFramer } from '@weir/framers';
import { formats } from '@weir/media';
import assert from 'node:assert/strict';
import { fixtures, readFixture } from '../../framers/fixtures.ts';
import { assertSameTrace, traceFramer, whole } from '../../framers/trace.ts';
import { assertLaws } from '../laws.ts';
import type { FuzzTarget } from '../target.ts';

/** Long enough for several frames of any fixture, short enough for hundreds of runs a second. */
const bytesMax = 24 * 1024;

/** Media that tells nothing of its format. */
const recognised: FuzzTarget = {
  name: 'recognise',
  seeds: () => fixtures.filter(({ format }) => format !== 'raw').map((fixture) => readFixture(fixture).subarray(0, 2 * recogniseBytesMax)),
  words: ['RIFF', 'WAVE', 'OggS', 'fLaC', 'FLV\x01', 'ID3', '\x1aE\xdf\xa3', 'ftyp', '--ffmpeg', '\xff\xd8\xff', '\xff\xfb\x90'],
  bytesMax,
  check: (input, splits) => {
    const expected = traceFramer(new RecognisingFramer(), input, whole);
    const emitted = expected.frames.reduce((bytes, { frame }) => bytes + (frame.kind === 'init' ? 0 : frame.payload.length), 0);
    assert.equal(emitted + expected.skippedBytes + expected.leftBytes, input.length, 'bytes emitted + skipped + left are not the input');
    for (const split of splits) assertSameTrace(traceFramer(new RecognisingFramer(), input, split), expected, `chunks of ${split.slice(0, 20).join()}...`);
  },
};

/** The framers, by the names of their formats. */
export const framerTargets: readonly FuzzTarget[] = [
  ...[...formats.keys()]
    .filter((format) => format !== 'raw')
    .map((format) => ({
      name: format,
      seeds: () => fixtures.filter((fixture) => fixture.format === format).map(readFixture),
      words: [],
      bytesMax,
      check: (input: Buffer, splits: Parameters<FuzzTarget['check']>[1]) => assertLaws(format, input, splits),
    })),
  recognised,
];
