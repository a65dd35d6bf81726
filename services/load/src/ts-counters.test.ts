import assert from 'node:assert/strict';
import test from 'node:test';
import { TsCounters } from './ts-counters.ts';

interface PacketOptions {
  readonly pid?: number;
  readonly start?: boolean;
  /** The flags of an adaptation field. */
  readonly flags?: number;
  readonly payload?: boolean;
  readonly table?: boolean;
}

function packet(counter: number, { pid = 0x100, start = false, flags, payload = true, table = false }: PacketOptions = {}): Buffer {
  const bytes = Buffer.alloc(188, 0xff);
  const control = (flags === undefined ? 0 : 0x20) | (payload ? 0x10 : 0) | counter;
  bytes.set([0x47, (start ? 0x40 : 0) | (pid >> 8), pid & 0xff, control]);
  if (flags !== undefined) bytes.set([payload ? 1 : 183, flags], 4);
  bytes.set(table ? [0, 2, 0xb0] : [0, 0, 1, 0xe0], flags === undefined ? 4 : 6);
  return bytes;
}

const first = packet(3, { start: true });
const cases: readonly { name: string; packets: readonly Buffer[]; jumps: number }[] = [
  { name: 'counts nothing while the counter counts', packets: [packet(14, { start: true }), packet(15), packet(0), packet(1)], jumps: 0 },
  { name: 'counts a packet that is missing', packets: [first, packet(5)], jumps: 1 },
  { name: 'goes on from where a jump leads', packets: [first, packet(9), packet(10), packet(12)], jumps: 2 },
  { name: 'lets a packet come twice', packets: [first, packet(4), packet(4), packet(5)], jumps: 0 },
  { name: 'passes over packets without payload', packets: [first, packet(3, { flags: 0x10, payload: false }), packet(4)], jumps: 0 },
  { name: 'obeys a discontinuity_indicator', packets: [first, packet(9, { flags: 0x80 }), packet(10)], jumps: 0 },
  { name: 'obeys a discontinuity_indicator without payload', packets: [first, packet(9, { flags: 0x80, payload: false }), packet(2)], jumps: 0 },
  { name: 'takes other flags for what they are', packets: [first, packet(9, { flags: 0x40 })], jumps: 1 },
  { name: 'keeps PIDs apart', packets: [first, packet(9, { pid: 0x1ffe, start: true }), packet(4), packet(10, { pid: 0x1ffe })], jumps: 0 },
  { name: 'leaves tables out', packets: [packet(0, { pid: 0, start: true, table: true }), packet(7, { pid: 0, start: true, table: true })], jumps: 0 },
  { name: 'leaves a PID out before its first PES packet', packets: [packet(1), packet(9), packet(10, { start: true }), packet(11)], jumps: 0 },
  { name: 'finds the PES packet behind an adaptation field', packets: [packet(1, { start: true, flags: 0x50 }), packet(5)], jumps: 1 },
  { name: 'leaves stuffing out', packets: [first, packet(0, { pid: 0x1fff }), packet(5, { pid: 0x1fff }), packet(4)], jumps: 0 },
];
for (const { name, packets, jumps } of cases) {
  test(`ts counters: ${name}`, () => {
    assert.equal(new TsCounters().read(Buffer.concat(packets)), jumps);
    const singly = new TsCounters();
    assert.equal(packets.reduce((sum, bytes) => sum + singly.read(bytes), 0), jumps);
  });
}
