import assert from 'node:assert/strict';
import test from 'node:test';
import { flacHead, opusHead, speexHead, theoraHead, vorbisHead } from './heads.testing.ts';
import { identify } from './identify.ts';

const day = 24 * 3600;
const cases: readonly [what: string, packet: Buffer, codec: string, headerPackets: number | null, granule: bigint, micros: number][] = [
  ['Vorbis at 44.1 kHz', vorbisHead(44100), 'vorbis', 3, 22050n, 500_000],
  ['Vorbis after a day and more than 2^32 samples', vorbisHead(96000), 'vorbis', 3, BigInt(96000 * day), day * 1e6],
  ['Opus, whose first samples are not heard', opusHead(312), 'opus', 2, 48312n, 1_000_000],
  ['Opus of a source at 16 kHz', opusHead(0, 16000), 'opus', 2, 48000n, 1_000_000],
  ['FLAC with two metadata packets', flacHead(48000, 2), 'flac', 3, 24000n, 500_000],
  ['FLAC with an unknown number of them', flacHead(192000, 0), 'flac', null, 192000n, 1_000_000],
  ['Speex', speexHead(16000, 0), 'speex', 2, 8000n, 500_000],
  ['Speex with extra headers', speexHead(8000, 3), 'speex', 5, 8000n, 1_000_000],
  ['Theora, the 25th picture, 5 after a key frame', theoraHead(25, 1, 6), 'theora', 3, (20n << 6n) | 5n, 1_000_000],
  ['Theora at 30000/1001, with a shift of 31', theoraHead(30000, 1001, 31), 'theora', 3, (29n << 31n) | 1n, 1_001_000],
  ['Theora of version 3.2.0, which counts from 0', theoraHead(25, 1, 6, 0), 'theora', 3, 24n << 6n, 1_000_000],
  ['Theora after more pictures than 32 bits of granule hold', theoraHead(50, 1, 6), 'theora', 3, BigInt(50 * day * 30) << 6n, day * 30 * 1e6],
];
for (const [what, packet, codec, headerPackets, granule, micros] of cases) {
  test(`ogg mapping: ${what}`, () => {
    const mapping = identify(packet);
    assert.deepEqual([mapping?.codec, mapping?.headerPackets], [codec, headerPackets]);
    assert.equal(Math.round(mapping!.micros(Number(granule >> 32n), Number(granule & 0xffffffffn))), micros);
  });
}

test('ogg mapping: a Theora key frame is neither a header nor a difference', () => {
  const mapping = identify(theoraHead(25, 1, 6))!;
  assert.deepEqual([0x00, 0x3f, 0x40, 0x80, 0xc0].map((byte) => mapping.isKey(byte)), [true, true, false, false, false]);
});

const unknown: readonly [what: string, packet: Buffer][] = [
  ['Skeleton', Buffer.from('fishead\0'.padEnd(64, '\0'))],
  ['a rate of zero', vorbisHead(0)],
  ['pictures without a rate', theoraHead(0, 1, 6)],
  ['a packet cut short', opusHead(312).subarray(0, 18)],
  ['an empty packet', Buffer.alloc(0)],
];
for (const [what, packet] of unknown) {
  test(`ogg mapping: ${what} is unknown`, () => assert.equal(identify(packet), null));
}
