import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@weir/media';
import { MpegtsFramer, type MpegtsOptions } from './framer.ts';
import { Multiplex, mapSection, pes } from './multiplex.testing.ts';

const avc = 0x1b;
const aac = 0x0f;
const data = 0x06;

/** For each init: how many media packets came before it, and the program_number of its PAT. */
function inits(packets: readonly Uint8Array[], options: MpegtsOptions = {}): { inits: string; frames: Frame[]; framer: MpegtsFramer } {
  const framer = new MpegtsFramer(options);
  const frames: Frame[] = [];
  framer.push(Buffer.concat(packets), (frame) => frames.push(frame));
  framer.end((frame) => frames.push(frame));
  let at = 0;
  const found: string[] = [];
  for (const frame of frames) {
    if (frame.kind === 'init') found.push(`${at}: program ${frame.payload[14]}`);
    else at += frame.payload.length / 188;
  }
  return { inits: found.join(', '), frames, framer };
}

const pad = (mux: Multiplex): Uint8Array[] => Array.from({ length: 5 }, () => mux.packet(0x1fff, [0]));

test('tables: the first program of the PAT with media is chosen, whatever the order of the maps', () => {
  const mux = new Multiplex();
  const pat = mux.pat([[3, 0x30], [5, 0x50], [7, 0x70]]);
  const packets = [pat, mux.pmt(0x70, 7, [[avc, 0x71]]), mux.pmt(0x50, 5, [[aac, 0x51]]), mux.pmt(0x30, 3, [[data, 0x31]]), ...pad(mux)];
  assert.equal(inits(packets).inits, '0: program 5');
});

test('tables: a program whose map never comes is waited for until the maps come round again', () => {
  const mux = new Multiplex();
  const maps = (): Uint8Array[] => [mux.pmt(0x70, 7, [[avc, 0x71]]), mux.pmt(0x50, 5, [[aac, 0x51]])];
  const packets = [mux.pat([[3, 0x30], [5, 0x50], [7, 0x70]]), ...maps(), ...pad(mux), ...maps(), ...pad(mux)];
  assert.equal(inits(packets).inits, '0: program 5');
  assert.equal(inits(packets.slice(0, 4)).inits, '');
});

test('tables: the program wished for is chosen, or none', () => {
  const mux = new Multiplex();
  const packets = [mux.pat([[5, 0x50], [7, 0x70]]), mux.pmt(0x50, 5, [[avc, 0x51]]), mux.pmt(0x70, 7, [[avc, 0x71]]), ...pad(mux)];
  assert.equal(inits(packets, { program: 7 }).inits, '0: program 7');
  const none = inits(packets, { program: 9 });
  assert.equal(none.inits, '');
  assert.equal(none.framer.faults.skippedBytes, packets.length * 188);
});

test('tables: a new map makes a new init before the packet that brings it, the same map does not', () => {
  const mux = new Multiplex();
  const packets = [
    mux.pat([[1, 0x30]]),
    mux.pmt(0x30, 1, [[aac, 0x31]]),
    mux.unit(0x31, pes(0, [1])),
    mux.pat([[1, 0x30]]),
    mux.pmt(0x30, 1, [[aac, 0x31]]),
    mux.pmt(0x30, 1, [[aac, 0x32]], 1),
    mux.unit(0x31, pes(0, [1])),
    mux.unit(0x32, pes(0, [1])),
  ];
  const { inits: found, frames } = inits(packets);
  assert.equal(found, '0: program 1, 5: program 1');
  assert.deepEqual(frames.map(({ kind }) => kind), ['init', 'delta', 'delta', 'random-access', 'init', 'delta', 'random-access']);
});

const changes: readonly [what: string, change: (mux: Multiplex) => Uint8Array[], expected: string][] = [
  ['another PAT and then another map make one init', (mux) => [mux.pat([[1, 0x30]], 1), mux.packet(0x31, [1]), mux.pmt(0x30, 1, [[aac, 0x32]], 1)], '0: program 1, 5: program 1'],
  ['another map and then another PAT make one init', (mux) => [mux.pmt(0x30, 1, [[aac, 0x32]], 1), mux.packet(0x31, [1]), mux.pat([[1, 0x30]], 1)], '0: program 1, 3: program 1'],
  ['a map that moves to another PID makes one init', (mux) => [mux.pat([[1, 0x40]], 1), mux.packet(0x31, [1]), mux.pmt(0x40, 1, [[aac, 0x31]])], '0: program 1, 5: program 1'],
  ['another PAT with the same program makes none', (mux) => [mux.pat([[1, 0x30], [2, 0x40]], 1), mux.pmt(0x40, 2, [[avc, 0x41]]), mux.pmt(0x30, 1, [[aac, 0x31]])], '0: program 1'],
];
for (const [what, change, expected] of changes) {
  test(`tables: ${what}`, () => {
    const mux = new Multiplex();
    const { inits: found, frames } = inits([mux.pat([[1, 0x30]]), mux.pmt(0x30, 1, [[aac, 0x31]]), mux.packet(0x31, [1]), ...change(mux), ...pad(mux)]);
    assert.equal(found, expected);
    assert.equal(frames.reduce((count, { kind, payload }) => count + (kind === 'init' ? 0 : payload.length / 188), 0), 11);
  });
}

test('tables: a program that leaves the PAT is followed by another', () => {
  const mux = new Multiplex();
  const packets = [
    mux.pat([[5, 0x50]]),
    mux.pmt(0x50, 5, [[avc, 0x51]]),
    mux.pat([[7, 0x70]], 1),
    mux.packet(0x51, [1]),
    mux.pmt(0x70, 7, [[avc, 0x71]]),
    ...pad(mux),
  ];
  assert.equal(inits(packets).inits, '0: program 5, 4: program 7');
});

test('tables: a map of several packets is put together, and stands whole in the init', () => {
  const mux = new Multiplex();
  const packets = [mux.pat([[1, 0x30]]), mux.pmt(0x30, 1, [[avc, 0x31]], 0, 400), ...pad(mux)];
  const { inits: found, frames } = inits(packets);
  assert.equal(found, '0: program 1');
  assert.equal(frames[0]?.payload.length, 4 * 188);
  const again = inits([Buffer.from(frames[0]?.payload ?? []), ...pad(mux)]).frames[0];
  assert.deepEqual(again?.payload, frames[0]?.payload);
});

test('tables: a damaged section is left out and counted', () => {
  const mux = new Multiplex();
  const damaged = mux.pmt(0x30, 1, [[avc, 0x31]]);
  damaged[180] = 1;
  const { inits: found, framer } = inits([mux.pat([[1, 0x30]]), damaged, ...pad(mux), mux.pmt(0x30, 1, [[avc, 0x31]])]);
  assert.equal(found, '0: program 1');
  assert.equal(framer.faults.gaps, 1);
});

test('tables: a map with a packet missing is not put together from what is left', () => {
  const mux = new Multiplex();
  const pat = mux.pat([[1, 0x30]]);
  const map = mux.pmt(0x30, 1, [[avc, 0x31]], 0, 400);
  const { inits: found, framer } = inits([pat, map.subarray(0, 188), map.subarray(376), mux.pmt(0x30, 1, [[avc, 0x31]], 0, 400), ...pad(mux)]);
  assert.equal(found, '0: program 1');
  assert.equal(framer.faults.gaps, 1);
});

test('tables: sections that share a packet are both read', () => {
  const mux = new Multiplex();
  const one = mapSection(1, [[avc, 0x31]], 0, 200);
  const two = mapSection(2, [[avc, 0x32]]);
  const start = [0, ...one.subarray(0, 181)];
  const rest = one.subarray(181);
  const packets = [
    mux.pat([[1, 0x30], [2, 0x30]]),
    mux.packet(0x30, start, { start: true }),
    mux.packet(0x30, [rest.length, ...rest, ...two, 0xff], { start: true }),
    ...pad(mux),
  ];
  assert.equal(inits(packets).inits, '0: program 1');
  assert.equal(inits(packets, { program: 2 }).inits, '0: program 2');
});

test('tables: a map for later is not taken yet', () => {
  const mux = new Multiplex();
  const packets = [mux.pat([[1, 0x30]]), mux.pmt(0x30, 1, [[aac, 0x31]], 32), mux.packet(0x31, [1]), mux.pmt(0x30, 1, [[avc, 0x31]]), ...pad(mux)];
  assert.equal(inits(packets).framer.faults.skippedBytes, 188);
});

test('tables: the sections of a PAT add up, those of an old version do not count', () => {
  const mux = new Multiplex();
  const packets = [
    mux.pat([[9, 0x90]], 0, 2),
    mux.pat([[5, 0x50]], 1, 1),
    mux.pat([[3, 0x30]], 1, 0),
    mux.pmt(0x30, 3, [[data, 0x31]]),
    mux.pmt(0x90, 9, [[avc, 0x91]]),
    mux.pmt(0x90, 9, [[avc, 0x91]]),
    mux.packet(0x91, [1]),
    mux.pmt(0x50, 5, [[avc, 0x51]]),
    ...pad(mux),
  ];
  assert.equal(inits(packets).inits, '0: program 5');
});

test('tables: a section that claims to be longer than any may be is left out', () => {
  const mux = new Multiplex();
  const hostile = mux.unit(0x30, [0, 2, 0xbf, 0xfd, ...Array.from({ length: 5000 }, () => 7)]);
  assert.equal(inits([mux.pat([[1, 0x30]]), hostile, mux.pmt(0x30, 1, [[avc, 0x31]]), ...pad(mux)]).inits, '0: program 1');
});
