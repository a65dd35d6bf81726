import assert from 'node:assert/strict';
import test from 'node:test';
import { levelRanks, Thresholds } from './level.ts';
import type { LogLevel } from './level.ts';

const cases: readonly { name: string; sets: readonly [level: LogLevel, component?: string][]; expected: Readonly<Record<string, LogLevel>> }[] = [
  { name: 'one level holds for all', sets: [['warn']], expected: { edge: 'warn', 'edge.ring': 'warn' } },
  { name: 'a component and its parts have their own', sets: [['debug', 'edge']], expected: { edge: 'debug', 'edge.ring': 'debug', 'edge.ring.cursor': 'debug', ingest: 'info' } },
  { name: 'a longer name that only begins alike is another component', sets: [['debug', 'edge']], expected: { edges: 'info', 'edge-2': 'info' } },
  { name: 'the nearest component counts', sets: [['error', 'edge'], ['debug', 'edge.ring']], expected: { edge: 'error', 'edge.mount': 'error', 'edge.ring': 'debug', 'edge.ring.cursor': 'debug' } },
  { name: 'a change for all forgets the components', sets: [['debug', 'edge'], ['warn']], expected: { edge: 'warn', ingest: 'warn' } },
];
for (const { name, sets, expected } of cases) {
  test(`thresholds: ${name}`, () => {
    const thresholds = new Thresholds('info');
    for (const [level, component] of sets) thresholds.set(level, component);
    assert.equal(thresholds.version, sets.length);
    for (const [component, level] of Object.entries(expected)) assert.equal(thresholds.rankOf(component), levelRanks[level], component);
  });
}
