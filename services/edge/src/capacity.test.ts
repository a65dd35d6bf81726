import assert from 'node:assert/strict';
import test from 'node:test';
import { exceededLimit, usedShares } from './capacity.ts';

const none = { listenersMax: null, bitsPerSecondMax: null };
const cases: readonly { name: string; limits: Parameters<typeof exceededLimit>[0]; listeners: number; bits: number; stream: number; exceeded: string | null }[] = [
  { name: 'nothing without limits', limits: none, listeners: 1e6, bits: 1e12, stream: 1e9, exceeded: null },
  { name: 'nothing below', limits: { listenersMax: 2, bitsPerSecondMax: 10 }, listeners: 1, bits: 5, stream: 5, exceeded: null },
  { name: 'listeners at their number', limits: { ...none, listenersMax: 2 }, listeners: 2, bits: 0, stream: 0, exceeded: 'listeners' },
  { name: 'bandwidth with one more', limits: { ...none, bitsPerSecondMax: 10 }, listeners: 1, bits: 6, stream: 5, exceeded: 'bandwidth' },
  { name: 'everyone at a limit of none', limits: { ...none, listenersMax: 0 }, listeners: 0, bits: 0, stream: 0, exceeded: 'listeners' },
];
for (const { name, limits, listeners, bits, stream, exceeded } of cases) {
  test(`capacity: exceeds ${name}`, () => assert.equal(exceededLimit(limits, { listeners, bitsPerSecond: bits }, stream), exceeded));
}

for (const { limits, used } of [
  { limits: none, used: { listeners: 0, bandwidth: 0 } },
  { limits: { listenersMax: 4, bitsPerSecondMax: null }, used: { listeners: 0.75, bandwidth: 0 } },
  { limits: { listenersMax: null, bitsPerSecondMax: 6000 }, used: { listeners: 0, bandwidth: 0.5 } },
]) {
  test(`capacity: ${JSON.stringify(used)} of ${JSON.stringify(limits)} are used`, () => assert.deepEqual(usedShares(limits, { listeners: 3, bitsPerSecond: 3000 }), used));
}
