import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@weir/media';
import { frameBytesMax, heldPacketsMax, tablePacketsMax } from '../limits.ts';
import { MpegtsFramer, type MpegtsOptions } from './framer.ts';
import { Multiplex, pes } from './multiplex.testing.ts';

const video = 0x100;
const audio = 0x101;
const map = 0x1000;
const second = 90_000;

const unit = (...bytes: readonly number[]): number[] => [0, 0, 1, ...bytes];
const parameters = [...unit(0x67, 0x42, 0xc0, 0x1e, 0xd9), ...unit(0x68, 0xce, 0x3c, 0x80)];
const idr = unit(0x65, 0x88, 0x84, 0x00, 0x33, 0xff);
const sliceP = unit(0x41, 0b1_1_000000, 0, 1, 2, 3);
const sei = (length: number): number[] => unit(6, 5, ...Array.from({ length }, (_, index) => (index < length / 255 - 1 ? 0xff : 0x7f)));

/** Media frames as "kind:packets@seconds", init frames as "init". */
function summary(frames: readonly Frame[]): string {
  const word = { 'random-access': 'ra', delta: 'delta' };
  const words = frames.map((next) => {
    if (next.kind === 'init') return 'init';
    const time = next.timeMicros === null ? '-' : Math.round(next.timeMicros / 1000) / 1000;
    return `${word[next.kind]}:${next.payload.length / 188}@${time}`;
  });
  return words.join(' ');
}

interface Run {
  readonly framer: MpegtsFramer;
  readonly frames: readonly Frame[];
  readonly left: number;
}

function frame(chunks: readonly Uint8Array[], options: MpegtsOptions = {}): Run {
  const framer = new MpegtsFramer(options);
  const frames: Frame[] = [];
  for (const chunk of chunks) framer.push(chunk, (next) => frames.push(next));
  const left = framer.end((next) => frames.push(next));
  return { framer, frames, left };
}

/** Frames of the packets as one chunk; one byte at a time, cut points, kinds and times must be the same. */
function check(packets: readonly Uint8Array[], expected: string, options: MpegtsOptions = {}): Run {
  const whole = Buffer.concat(packets);
  const run = frame([whole], options);
  assert.equal(summary(run.frames), expected);
  const fine = frame(Array.from(whole, (byte) => Uint8Array.of(byte)), options);
  assert.deepEqual(cuts(fine.frames), cuts(run.frames));
  assert.deepEqual(fine.framer.faults, run.framer.faults);
  assert.equal(fine.left, run.left);
  return run;
}

/** What does not depend on chunks: where inits and random access frames stand, and the media's bytes. */
function cuts(frames: readonly Frame[]): unknown {
  let at = 0;
  const found: unknown[] = [];
  for (const { kind, payload, ...rest } of frames) {
    if (kind === 'init') found.push([kind, at, Buffer.from(payload).toString('hex')]);
    else {
      if (kind === 'random-access') found.push([kind, at, rest]);
      at += payload.length;
    }
  }
  return [found, Buffer.concat(frames.filter(({ kind }) => kind !== 'init').map(({ payload }) => payload)).toString('hex')];
}

/** The tables of one program with H.264 and AAC. */
const tables = (mux: Multiplex): Uint8Array[] => [mux.pat([[1, map]]), mux.pmt(map, 1, [[0x1b, video], [0x0f, audio]])];

test('mpegts: cuts at the indicator, tells presentation times, forwards everything', () => {
  const mux = new Multiplex();
  const packets = [
    ...tables(mux),
    mux.unit(audio, pes(0, [1]), { randomAccess: true }),
    mux.unit(video, pes(second, [...parameters, ...idr]), { randomAccess: true }),
    mux.packet(video, [1, 2, 3]),
    mux.unit(audio, pes(0, [1]), { randomAccess: true }),
    mux.unit(video, pes(2 * second, sliceP)),
    mux.unit(video, pes(3 * second, [...parameters, ...idr]), { randomAccess: true }),
  ];
  const { framer, frames } = check(packets, 'init delta:1@- delta:1@- delta:1@- ra:4@1 ra:1@3');
  assert.deepEqual(frames[0]?.payload, Buffer.concat(packets.slice(0, 2).map(asInit)));
  assert.deepEqual(framer.faults, { skippedBytes: 0, gaps: 0 });
});

/** A packet of {@link Multiplex} with one section as it stands in an init: no adaptation field, stuffing behind the section. */
function asInit(packet: Uint8Array): Uint8Array {
  const payload = packet.subarray(5 + (packet[4] as number));
  const init = new Uint8Array(188).fill(0xff);
  init.set(packet.subarray(0, 3));
  init[3] = 0x10;
  init.set(payload, 4);
  return init;
}

test('mpegts: copies nothing but a packet that straddles two chunks', () => {
  const mux = new Multiplex();
  const whole = Buffer.concat([...tables(mux), ...Array.from({ length: 18 }, () => mux.packet(video, [1]))]);
  const chunks = [new Uint8Array(whole.subarray(0, 1000)), new Uint8Array(whole.subarray(1000))];
  const { frames } = frame(chunks);
  assert.equal(summary(frames), 'init delta:1@- delta:1@- delta:3@- delta:1@- delta:14@-');
  const shared = frames.map(({ payload }) => chunks.some((chunk) => chunk.buffer === payload.buffer));
  assert.deepEqual(shared, [false, true, true, true, false, true]);
});

test('mpegts: an indicator at a picture that nobody can start at is not believed', () => {
  const mux = new Multiplex();
  check([...tables(mux), mux.unit(video, pes(0, sliceP), { randomAccess: true })], 'init delta:1@- delta:1@- delta:1@0');
});

test('mpegts: an indicator is believed where the stream cannot be read', () => {
  const mux = new Multiplex();
  check(
    [...tables(mux), mux.unit(video, pes(second, sliceP), { randomAccess: true, scrambled: true }), mux.unit(video, pes(second, [7]), { randomAccess: true })],
    'init delta:1@- delta:1@- ra:1@- ra:1@1',
  );
});

test('mpegts: without an indicator a key picture that begins packets later is found', () => {
  const mux = new Multiplex();
  const packets = [
    ...tables(mux),
    mux.unit(video, pes(0, sliceP)),
    mux.unit(video, pes(second, [...sei(400), ...parameters, ...sei(100), ...idr])),
    mux.packet(audio, [1]),
    mux.unit(video, pes(2 * second, [...sei(400), ...sliceP])),
  ];
  check(packets, 'init delta:1@- delta:1@- delta:1@0 ra:5@1 delta:3@2');
});

test('mpegts: once an indicator has been seen, nothing is held', () => {
  const mux = new Multiplex();
  const start = [...tables(mux), mux.unit(video, pes(0, [...parameters, ...idr]), { randomAccess: true })];
  const open = mux.unit(video, pes(second, [...sei(100), ...sei(400), ...sliceP])).subarray(0, 188);
  const more = mux.pmt(map, 1, [[0x1b, video], [0x0f, audio], [0x0f, audio + 1]], 1);
  assert.equal(summary(push([...start, mux.packet(audio, [1]), mux.packet(audio, [1]), open])), 'init delta:1@- delta:1@- ra:3@0 delta:1@1');
  assert.equal(summary(push([...start, more, mux.packet(audio, [1]), open])), 'init delta:1@- delta:1@- ra:1@0 init delta:2@0 delta:1@1');
});

/** What has come out of packets pushed one by one behind the first five, while the stream goes on. */
function push(packets: readonly Uint8Array[]): Frame[] {
  const framer = new MpegtsFramer();
  const frames: Frame[] = [];
  for (const chunk of [Buffer.concat(packets.slice(0, 5)), ...packets.slice(5)]) framer.push(chunk, (next) => frames.push(next));
  return frames;
}

test('mpegts: what is held goes out when the next PES packet starts, the tables change, or sync is lost', () => {
  const mux = new Multiplex();
  const start = [...tables(mux), mux.packet(audio, [1]), mux.packet(audio, [1]), mux.packet(audio, [1])];
  const open = mux.unit(video, pes(0, parameters));
  const before = 'init delta:1@- delta:1@- delta:3@-';
  assert.equal(summary(push([...start, open])), before);
  assert.equal(summary(push([...start, open, mux.unit(video, pes(second, sliceP))])), `${before} ra:1@0 delta:1@1`);
  const change = mux.pmt(map, 1, [[0x1b, video]], 1);
  assert.equal(summary(push([...start, open, change])), `${before} ra:1@0 init delta:1@0`);
  assert.equal(summary(push([...start, Buffer.concat([open, change])])), `${before} ra:1@0 init delta:1@0`);
  assert.equal(summary(push([...start, open, new Uint8Array(188)])), `${before} ra:1@0`);
});

test('mpegts: a damaged packet is forwarded unread, and counted', () => {
  const mux = new Multiplex();
  const start = [...tables(mux), mux.packet(video, [1])];
  const damaged = mux.unit(video, pes(0, [...parameters, ...idr]), { randomAccess: true, damaged: true });
  const { framer } = check([...start, damaged, mux.packet(video, [1])], 'init delta:1@- delta:1@- delta:3@-');
  assert.deepEqual(framer.faults, { skippedBytes: 0, gaps: 1 });
});

test('mpegts: a PES packet sent twice is one cut point', () => {
  const mux = new Multiplex();
  const start = [...tables(mux), mux.packet(video, [1])];
  const twice = mux.unit(video, pes(0, [...parameters, ...idr]), { randomAccess: true });
  check([...start, twice, twice], 'init delta:1@- delta:1@- delta:1@- ra:2@0');
});

test('mpegts: no frame is larger than its limit, however large the chunk', () => {
  const mux = new Multiplex();
  const packets = new Uint8Array(frameBytesMax + 188 * 10);
  const filler = mux.packet(0x1fff, [1]);
  const whole = packets.length - (packets.length % 188);
  for (let at = 0; at < whole; at += 188) packets.set(filler, at);
  const { frames } = frame([Buffer.concat([...tables(mux), packets.subarray(0, whole)])]);
  assert.deepEqual(frames.map(({ payload }) => payload.length <= frameBytesMax), [true, true, true, true, true]);
});

test('mpegts: parameter sets in a PES packet of their own are where to start, not the picture behind them', () => {
  const mux = new Multiplex();
  const packets = [
    ...tables(mux),
    mux.unit(video, pes(0, [...parameters, ...idr]), { randomAccess: true }),
    mux.unit(video, pes(second, parameters)),
    mux.unit(video, pes(second, idr), { randomAccess: true }),
  ];
  check(packets, 'init delta:1@- delta:1@- ra:1@0 ra:2@1');
});

const endings: readonly [what: string, elementary: readonly number[], expected: string][] = [
  ['parameter sets have been seen', [...parameters, ...sei(20_000)], 'ra'],
  ['nothing has been seen', sei(20_000), 'delta'],
];
for (const [what, elementary, kind] of endings) {
  test(`mpegts: what is held goes out as ${kind} at the limit when ${what}`, () => {
    const mux = new Multiplex();
    const packets = [...tables(mux), mux.unit(video, pes(0, elementary))];
    const framer = new MpegtsFramer();
    const frames: Frame[] = [];
    const whole = Buffer.concat(packets);
    const held = whole.subarray(2 * 188, (2 + heldPacketsMax) * 188);
    framer.push(Buffer.concat([...tables(new Multiplex()), held.subarray(0, 3 * 188)]), (next) => frames.push(next));
    framer.push(held.subarray(3 * 188, -188), (next) => frames.push(next));
    assert.equal(summary(frames), 'init delta:1@- delta:1@-');
    framer.push(held.subarray(-188), (next) => frames.push(next));
    assert.equal(summary(frames.slice(3)), `${kind}:3@0 delta:${heldPacketsMax - 4}@0 delta:1@0`);
  });
}

test('mpegts: what is held goes out at the end', () => {
  const mux = new Multiplex();
  check([...tables(mux), mux.unit(video, pes(0, parameters)), mux.packet(audio, [1])], 'init delta:1@- delta:1@- ra:2@0');
});

test('mpegts: every PES packet of the first audio stream is random access without video', () => {
  const mux = new Multiplex();
  const packets = [
    mux.pat([[1, map]]),
    mux.pmt(map, 1, [[0x06, 0x200], [0x0f, audio], [0x03, 0x102]]),
    mux.unit(audio, pes(0, [1])),
    mux.packet(audio, [1]),
    mux.unit(0x102, pes(0, [1])),
    mux.unit(audio, pes(second, [1])),
  ];
  check(packets, 'init delta:1@- delta:1@- ra:3@0 ra:1@1');
});

test('mpegts: media before the tables is skipped, the tables of other kinds are kept', () => {
  const mux = new Multiplex();
  const before = [mux.packet(video, [1]), mux.packet(0x11, [1], { start: true })];
  const { framer } = check([...before, ...tables(mux), mux.packet(video, [1])], 'init delta:1@- delta:1@- delta:1@- delta:1@-');
  assert.deepEqual(framer.faults, { skippedBytes: 188, gaps: 0 });
});

test('mpegts: tables that come without the one needed are not kept for ever', () => {
  const mux = new Multiplex();
  const packets = Array.from({ length: tablePacketsMax + 5 }, () => mux.packet(0x11, [1], { start: true }));
  assert.equal(check(packets, '').framer.faults.skippedBytes, packets.length * 188);
  const { framer, frames } = frame([...packets, ...tables(mux), mux.packet(video, [1])]);
  assert.equal(framer.faults.skippedBytes, tablePacketsMax * 188);
  assert.equal(frames.length, 1 + 5 + 2 + 1);
});

test('mpegts: a time that wraps goes on', () => {
  const mux = new Multiplex();
  const packets = [2 ** 33 - second, 2 ** 33 - 1, second].map((time) => mux.unit(audio, pes(time, [1])));
  const start = [mux.pat([[1, map]]), mux.pmt(map, 1, [[0x0f, audio]])];
  check([...start, ...packets], 'init delta:1@- delta:1@- ra:1@95442.718 ra:1@95443.718 ra:1@95444.718');
});

test('mpegts: garbage is skipped and counted, at the start, between packets, inside one', () => {
  const mux = new Multiplex();
  const garbage = (length: number): Uint8Array => new Uint8Array(length).fill(0x55);
  const stream = [...tables(mux), ...Array.from({ length: 10 }, () => mux.packet(video, [1]))];
  const more = Array.from({ length: 10 }, () => mux.packet(video, [1]));
  const cut = mux.packet(video, [1]);
  const damaged = [garbage(1000), ...stream, garbage(300), ...more, cut.subarray(0, 100), ...Array.from({ length: 10 }, () => mux.packet(video, [1]))];
  const { framer } = check(damaged, 'init delta:1@- delta:1@- delta:10@- delta:11@- delta:9@-');
  assert.deepEqual(framer.faults, { skippedBytes: 1000 + 300 + 100, gaps: 1 });
});

test('mpegts: a truncated packet at the end is reported', () => {
  const mux = new Multiplex();
  const packets = [...tables(mux), ...Array.from({ length: 5 }, () => mux.packet(video, [1]))];
  assert.equal(check([...packets, mux.packet(video, [1]).subarray(0, 100)], 'init delta:1@- delta:1@- delta:5@-').left, 100);
  assert.equal(check([...packets.slice(0, 3), Uint8Array.of(0x47, 0)], 'init delta:1@- delta:1@- delta:1@-').left, 2);
  assert.equal(check([new Uint8Array(500)], '').left, 500);
});
