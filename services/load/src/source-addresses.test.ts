import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceAddresses } from './source-addresses.ts';

const loopback = { address: '127.0.0.1', isLoopback: true };
const cases: readonly { name: string; from: readonly string[]; target: { address: string; isLoopback: boolean }; connections: number; first: readonly (string | undefined)[] }[] = [
  { name: 'are left to the system for a few', from: [], target: loopback, connections: 20_000, first: [undefined, undefined] },
  { name: 'are as many as needed on the loopback', from: [], target: loopback, connections: 50_000, first: ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.1'] },
  { name: 'are left to the system on the loopback of IPv6, which has one', from: [], target: { address: '::1', isLoopback: true }, connections: 50_000, first: [undefined] },
  { name: 'are left to the system towards another machine', from: [], target: { address: '192.0.2.1', isLoopback: false }, connections: 50_000, first: [undefined] },
  { name: 'are the given ones in turn', from: ['10.0.0.1', '10.0.0.2'], target: loopback, connections: 50_000, first: ['10.0.0.1', '10.0.0.2', '10.0.0.1'] },
];
for (const { name, from, target, connections, first } of cases) {
  test(`source addresses: ${name}`, () => {
    const addressOf = sourceAddresses(from, target, connections);
    assert.deepEqual(first.map((_, index) => addressOf(index)), first);
  });
}
