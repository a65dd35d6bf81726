import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { MemoryBus } from '@weir/bus';
import type { Bucket } from '@weir/bus';
import { publishConfiguration, publishedConfiguration, watchConfiguration } from './distribution.ts';
import { resolved } from './problem-lines.ts';
import type { Configuration } from './configuration.ts';

const configuration = (listen: string): Configuration => resolved(`listen: ${listen}\nstreams: { s: { command: cat, title: Ünder 🎵 } }`);
const first = configuration(':1');
const second = configuration(':2');

interface Watched {
  readonly bucket: Bucket;
  /** What the service was told. */
  readonly told: readonly (Configuration | null)[];
  /** What was reported in place of it. */
  readonly faults: readonly string[];
  readonly stop: () => void;
}

/** A service that watches a new bucket, in which `before` was published. */
async function watched(before: Configuration | null, key: Uint8Array | null = null): Promise<Watched> {
  const faults: string[] = [];
  const bucket = await new MemoryBus((error) => faults.push(String(error))).bucket('configuration', { ttlMillis: 0 });
  if (before !== null) await publishConfiguration(bucket, before, key);
  const told: (Configuration | null)[] = [];
  const subscription = watchConfiguration(bucket, key, (one) => told.push(one));
  await setImmediate();
  return { bucket, told, faults, stop: () => subscription.unsubscribe() };
}

test('distribution: tells null before the first configuration, then each one whole', async () => {
  const { bucket, told, faults } = await watched(null);
  assert.deepEqual(told, [null]);
  for (const one of [first, second]) {
    await publishConfiguration(bucket, one, null);
    await setImmediate();
  }
  assert.deepEqual([told, faults], [[null, first, second], []]);
});

test('distribution: tells a service that comes later what was published before', async () => {
  assert.deepEqual((await watched(first)).told, [first]);
});

test('distribution: tells no deletion, and what is published after it', async () => {
  const { bucket, told } = await watched(first);
  await bucket.delete('current');
  await setImmediate();
  await publishConfiguration(bucket, second, null);
  await setImmediate();
  assert.deepEqual(told, [first, second]);
});

test('distribution: tells nothing more once the watch has ended', async () => {
  const { bucket, told, stop } = await watched(first);
  stop();
  await publishConfiguration(bucket, second, null);
  await setImmediate();
  assert.deepEqual(told, [first]);
});

const json = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));
const none = /^Error: what stands under "current" in the bucket is no configuration of weir's: restart weir control/;
const strange: readonly { name: string; value: Uint8Array; fault: RegExp }[] = [
  { name: 'random bytes', value: randomBytes(1000), fault: none },
  { name: 'no bytes', value: new Uint8Array(0), fault: none },
  { name: 'half a value', value: json({ version: 2, configuration: second }).subarray(0, 100), fault: none },
  { name: 'gzip of no JSON', value: gzipSync('listen: :1'), fault: none },
  { name: 'JSON of no object', value: json(null), fault: none },
  { name: 'JSON of no version', value: json(second), fault: none },
  { name: 'more than 16 MiB once it is unpacked', value: gzipSync(`{"version":2,"configuration":{}}${' '.repeat(16 * 1024 * 1024)}`), fault: none },
  { name: 'another version', value: json({ version: 7, configuration: second }), fault: /^Error: the published configuration has version 7, this weir reads 2: run the same weir everywhere$/ },
];
for (const { name, value, fault } of strange) {
  test(`distribution: reports ${name} and leaves the old configuration until there is another`, async () => {
    const { bucket, told, faults } = await watched(first);
    await bucket.put('current', value);
    await setImmediate();
    assert.deepEqual(told, [first]);
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', fault);
    await publishConfiguration(bucket, second, null);
    await setImmediate();
    assert.deepEqual([told, faults.length], [[first, second], 1]);
  });
}

test('distribution: refuses to publish what services would refuse', async () => {
  const { bucket, told } = await watched(first);
  const large = resolved(`streams: { s: { command: [cat, "${'x'.repeat(4 * 1024 * 1024)}"] } }`);
  const feed = large.feeds['s'] ?? assert.fail();
  const copies = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, feed]));
  await assert.rejects(publishConfiguration(bucket, { ...large, feeds: copies }, null), /^Error: the configuration has 167\d{5} bytes as JSON, services read at most 16777216: split the fleet$/);
  await setImmediate();
  assert.deepEqual(told, [first]);
});

test('distribution: what was published last can be read', async () => {
  const { bucket, stop } = await watched(null);
  assert.equal(await publishedConfiguration(bucket, null), null);
  for (const one of [first, second]) await publishConfiguration(bucket, one, null);
  assert.deepEqual(await publishedConfiguration(bucket, null), second);
  await bucket.put('current', Buffer.from('x'));
  await assert.rejects(publishedConfiguration(bucket, null), /no configuration of weir's/);
  stop();
});

const [key, otherKey] = [randomBytes(32), randomBytes(32)];

test('distribution: with a key, tells what is signed with it', async () => {
  const { bucket, told, faults } = await watched(first, key);
  await publishConfiguration(bucket, second, key);
  await setImmediate();
  assert.deepEqual([told, faults], [[first, second], []]);
  assert.deepEqual(await publishedConfiguration(bucket, key), second);
});

const unsigned = /^Error: the published configuration is not signed and is refused: give weir control the key/;
const wronglySigned = /^Error: the published configuration is signed with another key and is refused: give weir control the key/;
const forged: readonly { name: string; fault: RegExp; forge: (value: Buffer) => Uint8Array }[] = [
  { name: 'no signature', fault: unsigned, forge: (value) => value.subarray(38) },
  { name: 'half a signature', fault: unsigned, forge: (value) => value.subarray(0, 20) },
  { name: 'a signature over nothing', fault: wronglySigned, forge: (value) => value.subarray(0, 38) },
  { name: 'one bit of the signature changed', fault: wronglySigned, forge: (value) => flipped(value, 37) },
  { name: 'one bit of the content changed', fault: wronglySigned, forge: (value) => flipped(value, value.length - 1) },
];
for (const { name, fault, forge } of forged) {
  test(`distribution: with a key, refuses ${name} and leaves the old configuration until there is a signed one`, async () => {
    const { bucket, told, faults } = await watched(first, key);
    await publishConfiguration(bucket, second, key);
    await setImmediate();
    const value = Buffer.from((await bucket.get('current'))?.value ?? assert.fail());
    await bucket.put('current', forge(value));
    await setImmediate();
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', fault);
    await assert.rejects(publishedConfiguration(bucket, key), fault);
    await publishConfiguration(bucket, first, key);
    await setImmediate();
    assert.deepEqual([told, faults.length], [[first, second, first], 1]);
  });
}

test('distribution: with a key, refuses what is signed with another', async () => {
  const { bucket, told, faults } = await watched(first, key);
  await publishConfiguration(bucket, second, otherKey);
  await setImmediate();
  assert.deepEqual(told, [first]);
  assert.match(faults[0] ?? '', wronglySigned);
});

test('distribution: without a key, takes what is signed', async () => {
  const { bucket, told } = await watched(null);
  await publishConfiguration(bucket, first, key);
  await setImmediate();
  assert.deepEqual(told, [null, first]);
});

function flipped(value: Buffer, at: number): Buffer {
  const changed = Buffer.from(value);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
