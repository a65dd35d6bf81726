import assert from 'node:assert/strict';
import test from 'node:test';
import { formats, type FormatName, type Frame } from '@weir/media';
import { createFramer, RecognisingFramer } from './index.ts';
import { recogniseBytesMax } from './limits.ts';

/** `bytes` through a framer in chunks, and what came out. */
function run(framer: RecognisingFramer, bytes: Uint8Array, chunkBytes: number): { readonly frames: readonly Frame[]; readonly left: number } {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) framer.push(bytes.slice(at, at + chunkBytes), (frame) => frames.push(frame));
  return { frames, left: framer.end((frame) => frames.push(frame)) };
}

const adtsFrame = Buffer.concat([Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc), Buffer.alloc(9)]);
const adts = Buffer.concat(Array.from({ length: 9 }, () => adtsFrame));

for (const chunkBytes of [1, 10, 1000]) {
  test(`recognising framer: becomes the framer of the format, chunks of ${chunkBytes} bytes`, () => {
    const framer = new RecognisingFramer();
    assert.equal(framer.format, null);
    const { frames, left } = run(framer, Buffer.concat([Buffer.alloc(20), adts]), chunkBytes);
    assert.equal(framer.format, 'adts');
    assert.deepEqual([frames[0]?.kind, frames.length, framer.faults.skippedBytes, left], ['init', 10, 20, 0]);
  });

  test(`recognising framer: takes the unknown as raw, chunks of ${chunkBytes} bytes`, () => {
    const framer = new RecognisingFramer({ blockBytes: 4 });
    const { frames, left } = run(framer, Buffer.alloc(recogniseBytesMax + 6), chunkBytes);
    assert.equal(framer.format, null);
    const [init, ...media] = frames;
    assert.deepEqual(init, { kind: 'init', format: 'raw', contentType: 'application/octet-stream', payload: new Uint8Array(0) });
    assert.equal(media.reduce((total, { payload }) => total + payload.length, 0), recogniseBytesMax + 4);
    assert.equal(left, 2);
  });
}

test('recognising framer: looks once more when the source ends, whatever its chunks', () => {
  // The third header is told by the last bytes of all.
  const bytes = Buffer.concat([Buffer.alloc(2000), adts.subarray(0, 2 * adtsFrame.length + 7)]);
  for (const chunkBytes of [1, 7, 1000, 10_000]) {
    const framer = new RecognisingFramer();
    run(framer, bytes, chunkBytes);
    assert.equal(framer.format, 'adts', `chunks of ${chunkBytes}`);
  }
});

test('recognising framer: lets out what it held when the source ends early', () => {
  const framer = new RecognisingFramer();
  const { frames, left } = run(framer, Buffer.from('hello'), 2);
  assert.deepEqual(frames.map(({ kind, payload }) => [kind, payload.length]), [['init', 0], ['random-access', 5]]);
  assert.equal(left, 0);
  assert.deepEqual(run(new RecognisingFramer(), Buffer.alloc(0), 1), { frames: [], left: 0 });
});

test('recognising framer: takes what tells no format for what it was told', () => {
  const framer = new RecognisingFramer({}, 'mp3');
  const { frames } = run(framer, Buffer.from('ID3 and no more'), 4);
  assert.deepEqual([frames.filter(({ kind }) => kind === 'random-access'), framer.format], [[], null]);
});

test('framers: there is one for every format, which an empty stream leaves alone', () => {
  for (const name of formats.keys()) {
    const framer = createFramer(name satisfies FormatName);
    const frames: Frame[] = [];
    assert.equal(framer.end((frame) => frames.push(frame)), 0, name);
    assert.deepEqual(frames, [], name);
    assert.deepEqual({ ...framer.faults }, { skippedBytes: 0, gaps: 0 }, name);
  }
});
