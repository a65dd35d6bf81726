import assert from 'node:assert/strict';
import test from 'node:test';
import { fleetStatus } from './fleet.ts';
import type { EdgeStatus, EdgeStreamStatus, IngestStatus, ProducerStatus } from './status.ts';

const instance = { version: '1', since: 's', pid: 1 };
const streams = [
  { name: 'ts', path: '/a.ts', feed: 'cam', encoded: false, format: null, configuration: 'ba2' },
  { name: 'mp3', path: '/a.mp3', feed: 'cam', encoded: true, format: 'mp3' },
];

function producer(over: Partial<ProducerStatus>): ProducerStatus {
  const still = { lastError: null, pid: 7, format: 'mpegts', epoch: 1, restarts: 0, bytes: 0, frames: 0, skippedBytes: 0, gaps: 0 };
  return { name: 'cam', kind: 'feed', mood: 'happy', since: 's', owner: 'i1', bitsPerSecond: 1000, ...still, ...over };
}

function served(name: string, listeners: number, over: Partial<EdgeStreamStatus> = {}): EdgeStreamStatus {
  const none = { bytesIn: 0, bitsPerSecondIn: 0, bitsPerSecondOut: 0, skips: 0, gapsMended: 0, gapsLost: 0 };
  return { name, path: '/', state: 'live', contentType: null, listeners, listenersPeak: listeners, listenersTotal: listeners, bytesOut: 10 * listeners, ...none, ...over };
}

function fleet(ingests: readonly IngestStatus[], edges: readonly EdgeStatus[]) {
  return fleetStatus({ weirVersion: '1', since: 's', time: 't', streams, feeds: [{ name: 'cam', configuration: 'f00' }], ingests, edges });
}

const ingest = (name: string, ...producers: ProducerStatus[]): IngestStatus => ({ role: 'ingest', instance: name, ...instance, producers });
const edge = (name: string, ...of: EdgeStreamStatus[]): EdgeStatus => ({ role: 'edge', instance: name, ...instance, url: `http://${name}`, streams: of });

test('fleet: with nobody there everything configured is listed, asleep', () => {
  const status = fleet([], []);
  assert.deepEqual(status.streams.map(({ name, mood, listeners }) => [name, mood, listeners]), [['ts', 'sleeping', 0], ['mp3', 'sleeping', 0]]);
  assert.deepEqual(status.feeds.map(({ name, mood, owner }) => [name, mood, owner]), [['cam', 'sleeping', '']]);
  assert.deepEqual(status.encoders.map(({ name }) => name), ['mp3']);
  assert.deepEqual([status.ingests, status.edges], [[], []]);
});

test('fleet: listeners of all edges add up, each once', () => {
  const status = fleet([ingest('i1', producer({}))], [edge('e1', served('ts', 3), served('mp3', 1)), edge('e2', served('ts', 4))]);
  assert.equal(status.listeners, 8);
  assert.deepEqual(status.streams.map(({ listeners, bytesOut }) => [listeners, bytesOut]), [[7, 70], [1, 10]]);
  assert.deepEqual(status.edges.map(({ instance: name, listeners }) => [name, listeners]), [['e1', 4], ['e2', 4]]);
});

test('fleet: the owner of now is believed, not the lost one', () => {
  const status = fleet([ingest('i1', producer({ mood: 'lost' })), ingest('i2', producer({ owner: 'i2' }))], []);
  assert.deepEqual(status.feeds.map(({ owner, mood }) => [owner, mood]), [['i2', 'happy']]);
  assert.deepEqual(fleet([ingest('i1', producer({ mood: 'lost' }))], []).feeds.map(({ mood }) => mood), ['lost']);
});

test('fleet: an edge alone judges by what arrives', () => {
  const moods = (['live', 'waiting', 'silent', 'ended', 'idle'] as const).map((state) => fleet([], [edge('e', served('ts', 0, { state }))]).streams[0]?.mood);
  assert.deepEqual(moods, ['happy', 'waking', 'hungry', 'ended', 'sleeping']);
});

test('fleet: hashes of the configuration are told where they are known', () => {
  const status = fleet([ingest('i1', producer({}))], []);
  assert.deepEqual(status.feeds.map(({ configuration }) => configuration), ['f00']);
  assert.deepEqual(status.streams.map((stream) => stream.configuration), ['ba2', undefined]);
  assert.equal('settings' in status, false);
  const settings = { listen: null, edge: 'e', masters: 'm', patterns: { feeds: [], streams: [] } };
  const parts = { weirVersion: '1', since: 's', time: 't', streams, feeds: [], ingests: [], edges: [] };
  assert.deepEqual(fleetStatus({ ...parts, settings }).settings, settings);
});

test('fleet: masters, mirrored streams and the deployment are told where there are any', () => {
  const parts = { weirVersion: '1', since: 's', time: 't', feeds: [], ingests: [], edges: [] };
  const master = { url: 'http://a', mood: 'happy', since: 's', lastError: null, software: 'weir', streams: 1 } as const;
  const mirror = { of: ['http://a/x'], via: ['d'] };
  const [plain] = streams;
  assert.ok(plain !== undefined);
  const status = fleetStatus({ ...parts, deployment: 'e', masters: [master], streams: [{ ...plain, mirror }, plain] });
  assert.deepEqual([status.deployment, status.masters, status.streams.map((stream) => stream.mirror)], ['e', [master], [mirror, undefined]]);
  const without = fleetStatus({ ...parts, streams });
  assert.deepEqual([without.masters, 'deployment' in without, without.streams.some((stream) => 'mirror' in stream)], [[], false, false]);
});

test('fleet: a stream has a picture until it is known to have none', () => {
  const pictures = (path: string, format: string | null, contentType: string | null = null) => {
    const asked = { name: 's', path, feed: 'f', encoded: false, format };
    const edges = [edge('e', served('s', 0, { contentType }))];
    return fleetStatus({ weirVersion: '1', since: 's', time: 't', streams: [asked], feeds: [], ingests: [], edges }).streams[0]?.picture;
  };
  assert.equal(pictures('/cam', null), '/cam/pic');
  assert.equal(pictures('/', 'mpegts'), '/pic');
  assert.equal(pictures('/a.mp3', null), null);
  assert.equal(pictures('/a', 'flac'), null);
  assert.equal(pictures('/a.webm', 'webm', 'audio/webm; codecs=opus'), null);
});
