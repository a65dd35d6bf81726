import assert from 'node:assert/strict';
import type { Frame } from '@weir/media';
import type { Framer } from './framer.ts';

/** How a framer cut some bytes. */
export interface Cut {
  readonly frames: readonly Frame[];
  /** One word per frame: `init`, or kind, bytes and time: `ra:120@0.04`, `delta:8@-`. */
  readonly words: readonly string[];
  readonly skippedBytes: number;
  /** Bytes left over at the end. */
  readonly left: number;
}

const word = { 'random-access': 'ra', delta: 'delta' };

function cutIn(create: () => Framer, bytes: Uint8Array, chunkBytes: number): Cut {
  const framer = create();
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    framer.push(bytes.slice(at, at + chunkBytes), (frame) => frames.push(frame));
  }
  const left = framer.end((frame) => frames.push(frame));
  const words = frames.map((frame) => {
    if (frame.kind === 'init') return 'init';
    return `${word[frame.kind]}:${frame.payload.length}@${frame.timeMicros === null ? '-' : frame.timeMicros / 1_000_000}`;
  });
  return { frames, words, skippedBytes: framer.faults.skippedBytes, left };
}

/** How `bytes` are cut when they come at once; checks that other chunks make no difference, and that no byte is lost or made up. */
export function cut(create: () => Framer, bytes: Uint8Array): Cut {
  const whole = cutIn(create, bytes, Math.max(1, bytes.length));
  for (const chunkBytes of [1, 2, 7, 100]) {
    const pieces = cutIn(create, bytes, chunkBytes);
    assert.deepEqual(pieces.words, whole.words, `chunks of ${chunkBytes} bytes`);
    assert.deepEqual(mediaBytes(pieces), mediaBytes(whole), `chunks of ${chunkBytes} bytes`);
    assert.deepEqual([pieces.skippedBytes, pieces.left], [whole.skippedBytes, whole.left], `chunks of ${chunkBytes} bytes`);
  }
  assert.equal(mediaBytes(whole).length + whole.skippedBytes + whole.left, bytes.length, 'payloads, skipped and left bytes are the input');
  return whole;
}

/** The payloads of all frames but inits, as one. */
export function mediaBytes({ frames }: Cut): Buffer {
  return Buffer.concat(frames.filter(({ kind }) => kind !== 'init').map(({ payload }) => payload));
}
