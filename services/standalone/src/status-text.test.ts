import assert from 'node:assert/strict';
import test from 'node:test';
import { fleetStatus } from '@weir/telemetry';
import type { FleetStatus, Mood } from '@weir/telemetry';
import { statusText, troubledIn } from './status-text.ts';

const time = '2031-05-06T07:08:09.000Z';

function fleet(mood: Mood, lastError: string | null = null, name = 'cam'): FleetStatus {
  const producer = { name, kind: 'feed', mood, since: '2031-05-06T07:07:09.000Z', lastError, owner: 'ingest-1', pid: 7, format: 'mpegts', epoch: 1, restarts: 3, bytes: 1, frames: 1, skippedBytes: 0, gaps: 0, bitsPerSecond: 2_000_000 } as const;
  const about = { version: '1.2.3', since: '2031-05-06T06:08:09.000Z', pid: 5 };
  return fleetStatus({
    weirVersion: '1.2.3',
    since: about.since,
    time,
    streams: [{ name: 'hd', path: '/hd.ts', feed: name, encoded: false, format: null }],
    feeds: [{ name }],
    ingests: [{ role: 'ingest', instance: 'ingest-1', ...about, producers: [producer] }],
    edges: [{ role: 'edge', instance: 'edge-1', ...about, url: 'http://127.0.0.1:8090', draining: true, streams: [] }],
  });
}

test('status: shows streams, feeds and instances in tables', () => {
  assert.deepEqual(statusText(fleet('happy'), 'http://127.0.0.1:8091').split('\n'), [
    'weir 1.2.3 at http://127.0.0.1:8091, up 1 h: 0 listening, 0 bit/s out',
    '',
    'All is well.',
    '',
    'STREAM  MOOD   LISTENERS  PEAK           IN      OUT  PATH',
    'hd      happy          0     0  2.00 Mbit/s  0 bit/s  /hd.ts',
    '',
    'FEED  MOOD   FOR           RATE  RESTARTS  FORMAT  OWNER',
    'cam   happy  1 min  2.00 Mbit/s         3  mpegts  ingest-1',
    '',
    'INSTANCE  ROLE            PID  UP   LISTENERS  URL',
    'ingest-1  ingest            5  1 h',
    'edge-1    edge, draining    5  1 h          0  http://127.0.0.1:8090',
    '',
  ]);
});

for (const [mood, troubled] of [['happy', 0], ['sleeping', 0], ['stopped', 0], ['hungry', 0], ['sad', 1], ['lost', 1]] as const) {
  test(`status: a feed that is ${mood} is ${troubled === 0 ? 'no' : 'a'} reason to look`, () => assert.equal(troubledIn(fleet(mood)).length, troubled));
}

test('status: tells the last error, and prints no control character that a server told', () => {
  const text = statusText(fleet('sad', 'exited with 1:\n\u001b[2Jno such camera', 'c\u001b[31m'), 'http://x');
  assert.match(text, /^Look at this: feed c\?\[31m is sad\.$/m);
  assert.match(text, /^c\?\[31m: exited with 1: \?\[2Jno such camera$/m);
  assert.ok(!text.includes('\u001b'));
});
