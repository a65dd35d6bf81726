import assert from 'node:assert/strict';
import test from 'node:test';
import { readInstanceStatus } from './read-status.ts';

const instance = { instance: 'a-1', version: '0.1.0', since: '2026-11-21T10:00:00.000Z', pid: 12 };
const producer = {
  name: 'cam', kind: 'feed', mood: 'happy', since: instance.since, lastError: null, owner: 'a-1', pid: 13, format: 'mpegts', epoch: 1, restarts: 0,
  bytes: 1, frames: 1, skippedBytes: 0, gaps: 0, bitsPerSecond: 8.5,
};
const stream = {
  name: 'cam', path: '/cam', state: 'live', contentType: null, listeners: 1, listenersPeak: 1, listenersTotal: 1, bytesIn: 1, bytesOut: 1,
  bitsPerSecondIn: 1, bitsPerSecondOut: 1, skips: 0, gapsMended: 0, gapsLost: 0,
};
const ingest = { ...instance, role: 'ingest', producers: [producer, { ...producer, title: 'a' }] };
const edge = { ...instance, role: 'edge', url: 'http://127.0.0.1:1', streams: [stream] };
const read = (value: unknown): unknown => readInstanceStatus(Buffer.from(JSON.stringify(value)));

for (const account of [ingest, edge, { ...edge, draining: true }, { ...edge, novel: 1 }, { ...ingest, producers: [] }]) {
  test(`instance status: takes ${JSON.stringify(account).slice(0, 60)}`, () => assert.deepEqual(read(account), account));
}

const refused: readonly [name: string, value: unknown][] = [
  ['null', null],
  ['a list', []],
  ['no role', instance],
  ['streams of nothing', { ...edge, streams: [null] }],
  ['streams that are none', { ...edge, streams: {} }],
  ['listeners that are text', { ...edge, streams: [{ ...stream, listeners: '1' }] }],
  ['fewer than no listeners', { ...edge, streams: [{ ...stream, listeners: -1 }] }],
  ['a state that there is not', { ...edge, streams: [{ ...stream, state: 'constructor' }] }],
  ['no URL', { ...edge, url: null }],
  ['producers of nothing', { ...ingest, producers: [null] }],
  ['a mood that there is not', { ...ingest, producers: [{ ...producer, mood: 'angry' }] }],
  ['a title that is none', { ...ingest, producers: [{ ...producer, title: {} }] }],
  ['no time', { ...ingest, producers: [{ ...producer, since: 'then' }] }],
];
for (const [name, value] of refused) test(`instance status: refuses ${name}`, () => assert.equal(read(value), null));

test('instance status: refuses what is no JSON', () => assert.equal(readInstanceStatus(Buffer.from('{')), null));
