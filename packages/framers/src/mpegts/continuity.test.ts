import assert from 'node:assert/strict';
import test from 'node:test';
import { Continuity } from './continuity.ts';
import { Multiplex, type PacketFields } from './multiplex.testing.ts';

const payload = [1];
const none: number[] = [];
const cases: readonly [what: string, packets: readonly (readonly [counter: number, payload: readonly number[], fields?: PacketFields])[], successions: string][] = [
  ['counts on past 15', [[14, payload], [15, payload], [0, payload]], 'next next next'],
  ['tells a gap once', [[3, payload], [5, payload], [6, payload]], 'next gap next'],
  ['takes a packet sent twice for one', [[3, payload], [3, payload], [4, payload]], 'next repeat next'],
  ['takes a third time for a gap', [[3, payload], [3, payload], [3, payload], [4, payload]], 'next repeat gap next'],
  ['does not count packets without a payload', [[3, payload], [3, none], [4, payload]], 'next empty next'],
  ['lets a discontinuity_indicator jump', [[3, payload], [9, payload, { discontinuity: true }], [10, payload]], 'next next next'],
  ['lets one without a payload jump', [[3, payload], [9, none, { discontinuity: true }], [10, payload]], 'next empty next'],
  ['counts a damaged packet once', [[3, payload], [4, payload, { damaged: true }], [5, payload]], 'next damaged next'],
];
for (const [what, packets, successions] of cases) {
  test(`continuity: ${what}`, () => {
    const continuity = new Continuity();
    const mux = new Multiplex();
    const found = packets.map(([counter, bytes, fields]) => continuity.judge(mux.packet(0x100, bytes, { ...fields, counter }), 0));
    assert.equal(found.join(' '), successions);
  });
}

test('continuity: each PID counts by itself, and null packets not at all', () => {
  const continuity = new Continuity();
  const mux = new Multiplex();
  const judge = (pid: number, counter: number): string => continuity.judge(mux.packet(pid, payload, { counter }), 0);
  assert.deepEqual([judge(1, 3), judge(2, 9), judge(1, 4), judge(2, 10)], ['next', 'next', 'next', 'next']);
  assert.deepEqual([judge(0x1fff, 3), judge(0x1fff, 9)], ['empty', 'empty']);
});
