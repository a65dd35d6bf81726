import assert from 'node:assert/strict';
import test from 'node:test';
import { Stamps } from './stamps.ts';

const magic = Buffer.from('STAMP\x01\x02\x03STAMP\x04\x05\x06', 'latin1');

function stamp(atNanos: bigint, count: bigint, pid = 0x1f0): Buffer {
  const packet = Buffer.alloc(188, 0xff);
  packet.set([0x47, pid >> 8, pid & 0xff, 0x10]);
  magic.copy(packet, 4);
  packet.writeBigUInt64LE(atNanos, 20);
  packet.writeBigUInt64LE(count, 28);
  return packet;
}
const other = Buffer.alloc(188, 0x47);

const cases: readonly { name: string; packets: readonly Buffer[]; delays: readonly number[]; gaps: number }[] = [
  { name: 'finds none where there are none', packets: [other, other], delays: [], gaps: 0 },
  { name: 'tells the delay of each', packets: [stamp(7_000_000n, 4n), other, stamp(9_500_000n, 5n)], delays: [3, 0.5], gaps: 0 },
  { name: 'counts places where some are missing', packets: [stamp(0n, 4n), stamp(0n, 8n), stamp(0n, 9n)], delays: [10, 10, 10], gaps: 1 },
  { name: 'counts a start from 0 again', packets: [stamp(0n, 4n), stamp(0n, 0n)], delays: [10, 10], gaps: 1 },
  { name: 'ignores what only looks like one', packets: [stamp(0n, 1n, 0x100), Buffer.concat([other.subarray(0, 100), magic, other]).subarray(0, 188)], delays: [], gaps: 0 },
];
for (const { name, packets, delays, gaps } of cases) {
  test(`stamps: ${name}`, () => {
    const stamps = new Stamps();
    const told: number[] = [];
    assert.equal(stamps.read(Buffer.concat(packets), 10_000_000n, (millis) => told.push(millis)), gaps);
    assert.deepEqual(told, delays);
  });
}
