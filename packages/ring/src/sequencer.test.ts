import assert from 'node:assert/strict';
import test from 'node:test';
import type { Position, StreamFrame } from '@weir/media';
import { pendingBytesMax, pendingFramesMax } from './limits.ts';
import { Sequencer } from './sequencer.ts';

/** `2.7` is sequence 7 of epoch 2, `i2.0` an init, `!` marks a discontinuity on what comes out. */
function frame(word: string, bytes = 1): StreamFrame {
  const [epoch, sequence] = word.replace('i', '').split('.').map(Number);
  const place = { epoch: epoch ?? 0, sequence: sequence ?? 0, group: 0, capturedMillis: 0, discontinuity: false };
  const payload = Buffer.alloc(bytes);
  if (word.startsWith('i')) return { kind: 'init', format: 'mpegts', contentType: 'video/mp2t', payload, ...place };
  return { kind: 'delta', payload, timeMicros: null, ...place };
}

function play(steps: readonly string[]): { out: string; asked: string[]; sequencer: Sequencer } {
  const out: string[] = [];
  const asked: string[] = [];
  const name = (place: Position): string => `${place.epoch}.${place.sequence}`;
  const sequencer = new Sequencer(
    (item) => out.push(`${item.discontinuity ? '!' : ''}${item.kind === 'init' ? 'i' : ''}${name(item)}`),
    (after) => asked.push(after === null ? 'all' : name(after)),
  );
  sequencer.start();
  for (const step of steps) {
    const [verb, ...words] = step.split(' ');
    if (verb === 'live') for (const word of words) sequencer.live(frame(word));
    else if (verb === 'snapshot') sequencer.snapshot(words.map((word) => frame(word)));
    else if (verb === 'failed') sequencer.snapshotFailed();
    else assert.fail(step);
  }
  return { out: out.join(' '), asked, sequencer };
}

const cases: readonly { name: string; steps: readonly string[]; out: string; asked?: readonly string[]; mended?: number; lost?: number }[] = [
  { name: 'a snapshot and the live frames that overlap it', steps: ['live 1.6 1.7', 'snapshot i1.0 1.5 1.6', 'live 1.8'], out: 'i1.0 1.5 1.6 1.7 1.8' },
  { name: 'a snapshot that overtakes the live frames', steps: ['snapshot i1.0 1.5 1.6', 'live 1.5 1.6 1.7'], out: 'i1.0 1.5 1.6 1.7' },
  { name: 'a source that starts while the snapshot is on its way', steps: ['live i1.0 1.1', 'snapshot', 'live 1.2'], out: 'i1.0 1.1 1.2' },
  { name: 'a source that starts after an empty snapshot', steps: ['snapshot', 'live i1.0 1.1'], out: 'i1.0 1.1' },
  { name: 'nobody there, then a source that starts', steps: ['failed', 'live i1.0 1.1'], out: 'i1.0 1.1' },
  { name: 'a gap that is mended', steps: ['snapshot i1.0 1.1', 'live 1.4 1.5', 'snapshot 1.2 1.3 1.4', 'live 1.6'], out: 'i1.0 1.1 1.2 1.3 1.4 1.5 1.6', asked: ['all', '1.1'], mended: 1 },
  { name: 'a gap whose frames are gone', steps: ['snapshot i1.0 1.1', 'live 1.9', 'snapshot i1.0 1.6 1.7 1.8', 'live 1.10'], out: 'i1.0 1.1 !1.6 1.7 1.8 1.9 1.10', asked: ['all', '1.1'], lost: 1 },
  { name: 'a gap that nobody mends', steps: ['snapshot i1.0 1.1', 'live 1.4', 'failed', 'live 1.5'], out: 'i1.0 1.1 !1.4 1.5', asked: ['all', '1.1'], lost: 1 },
  { name: 'a new epoch from its start', steps: ['snapshot i1.0 1.1', 'live i2.0 2.1'], out: 'i1.0 1.1 i2.0 2.1' },
  { name: 'a new epoch whose start was lost', steps: ['snapshot i1.0 1.1', 'live 2.3', 'snapshot i2.0 2.1 2.2 2.3'], out: 'i1.0 1.1 i2.0 2.1 2.2 2.3', asked: ['all', '1.1'], mended: 1 },
  { name: 'a new epoch while a gap is being mended', steps: ['snapshot i1.0 1.1', 'live 1.5', 'live i2.0', 'snapshot 1.2 1.3', 'live 2.1'], out: 'i1.0 1.1 i2.0 2.1', asked: ['all', '1.1'] },
  { name: 'a deposed owner that goes on', steps: ['snapshot i2.0 2.1', 'live 1.7 2.2 1.8 2.3'], out: 'i2.0 2.1 2.2 2.3' },
  { name: 'frames that come twice', steps: ['snapshot i1.0 1.1', 'live 1.1 1.2 1.2 1.3'], out: 'i1.0 1.1 1.2 1.3' },
];
for (const { name, steps, out, asked = ['all'], mended = 0, lost = 0 } of cases) {
  test(`sequencer: ${name}`, () => {
    const played = play(steps);
    assert.equal(played.out, out);
    assert.deepEqual(played.asked, asked);
    assert.deepEqual([played.sequencer.mendedGaps, played.sequencer.lostGaps], [mended, lost]);
  });
}

test('sequencer: what waits for a snapshot is bounded', () => {
  const bytes = 1024 * 1024;
  const held: StreamFrame[] = [];
  const kept = new Sequencer((item) => held.push(item), () => {});
  kept.snapshot([frame('i1.0')]);
  for (let sequence = 3; sequence < 3 + (2 * pendingBytesMax) / bytes; sequence++) kept.live(frame(`1.${sequence}`, bytes));
  kept.snapshotFailed();
  assert.ok(held.length <= 2 + pendingBytesMax / bytes);
});

test('sequencer: keeps so many frames and no more while it waits, however small they are', () => {
  const held: StreamFrame[] = [];
  const kept = new Sequencer((item) => held.push(item), () => {});
  kept.snapshot([frame('i1.0')]);
  for (let sequence = 3; sequence < 3 + 2 * pendingFramesMax; sequence++) kept.live(frame(`1.${sequence}`, 0));
  kept.snapshotFailed();
  assert.equal(held.length, 1 + pendingFramesMax);
});
