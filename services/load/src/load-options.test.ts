import assert from 'node:assert/strict';
import test from 'node:test';
import { readLoadOptions } from './load-options.ts';
import { LoadUsageError } from './usage.ts';

const url = 'http://127.0.0.1:8090/cam.ts';
const plain = {
  url: new URL(url),
  listeners: 100,
  rampMillis: 100,
  durationMillis: 30_000,
  expectBytes: null,
  bytesPerSecondMax: null,
  slowShare: 0,
  stalledShare: 0,
  churnPerSecond: 0,
  checked: 100,
  from: [],
  allowRemote: false,
  insecure: false,
  json: false,
};

const cases: readonly { argv: string; changes: object }[] = [
  { argv: '', changes: {} },
  { argv: '--listeners 5000', changes: { listeners: 5000, rampMillis: 5000 } },
  { argv: '--listeners 10 --ramp 0', changes: { listeners: 10, rampMillis: 0 } },
  { argv: '--ramp 2m --duration 1.5', changes: { rampMillis: 120_000, durationMillis: 1500 } },
  { argv: '--duration=0', changes: { durationMillis: 0 } },
  { argv: '--expect-bytes 64KiB --rate 16kB', changes: { expectBytes: 65_536, bytesPerSecondMax: 16_000 } },
  { argv: '--expect-bytes 1.5mb', changes: { expectBytes: 1_500_000 } },
  { argv: '--slow 0.5 --stalled .25 --check 0', changes: { slowShare: 0.5, stalledShare: 0.25, checked: 0 } },
  { argv: '--stalled 1', changes: { stalledShare: 1 } },
  { argv: '--churn 50 --from 127.0.0.2 --from 127.0.0.3', changes: { churnPerSecond: 50, from: ['127.0.0.2', '127.0.0.3'] } },
  { argv: '--json --allow-remote --insecure', changes: { json: true, allowRemote: true, insecure: true } },
];
for (const { argv, changes } of cases) {
  test(`load options: ${argv === '' ? 'none' : argv}`, () => {
    assert.deepEqual(readLoadOptions([...argv.split(' ').filter((word) => word !== ''), url]), { ...plain, ...changes });
  });
}

test('load options: help needs no URL', () => assert.equal(readLoadOptions(['-h']), null));

const refusals: readonly { argv: readonly string[]; says: RegExp }[] = [
  { argv: [], says: /one URL/ },
  { argv: [url, url], says: /one URL/ },
  { argv: ['127.0.0.1:8090/cam.ts'], says: /^127\.0\.0\.1:8090\/cam\.ts: expected a URL that begins with http/ },
  { argv: ['rtsp://cam/1'], says: /begins with http/ },
  { argv: ['--listener', '5', url], says: /--listener/ },
  { argv: ['--listeners', '0', url], says: /^--listeners 0: expected a whole number from 1 to 200000/ },
  { argv: ['--listeners', '1e3', url], says: /whole number/ },
  { argv: ['--churn', '-1', url], says: /--churn/ },
  { argv: ['--slow', '1.1', url], says: /^--slow 1\.1: expected a share/ },
  { argv: ['--stalled', '10%', url], says: /share/ },
  { argv: ['--slow', '0.6', '--stalled', '0.6', url], says: /together/ },
  { argv: ['--slow', '1', url], says: /needs others/ },
  { argv: ['--slow', '0.9', '--stalled', '0.08', '--listeners', '10', url], says: /needs others/ },
  { argv: ['--duration', '1d', url], says: /^--duration 1d: expected a time/ },
  { argv: ['--ramp', '25h', url], says: /at most 24h/ },
  { argv: ['--rate', '0', url], says: /^--rate 0: expected a size/ },
  { argv: ['--expect-bytes', '1XB', url], says: /size/ },
];
for (const { argv, says } of refusals) {
  test(`load options: refuses ${argv.join(' ')}`, () => {
    assert.throws(() => readLoadOptions(argv), (error) => error instanceof LoadUsageError && says.test(error.message));
  });
}
