import assert from 'node:assert/strict';
import test from 'node:test';
import { MemoryBus } from '@weir/bus';
import type { Bucket } from '@weir/bus';
import { createLogger } from '@weir/telemetry';
import { bucketTtlMillis } from '@weir/wire';
import { Writable } from 'node:stream';
import { Epochs } from './epochs.ts';
import { Lease } from './lease.ts';

const logger = createLogger({ name: 'test', level: 'error', format: 'text', write: new Writable({ write: (_, __, done) => done() }) });
const bus = new MemoryBus((error) => assert.fail(String(error)));

test('lease: one ingest holds it, and the other gets it when it is released', async () => {
  const bucket = await bus.bucket('leases', { ttlMillis: bucketTtlMillis.leases });
  const [one, two] = ['one', 'two'].map((name) => new Lease({ bucket, feed: 'cam', instance: name, logger, busy: () => false, onLost: () => assert.fail(`${name} lost it`) }));
  assert.ok(one !== undefined && two !== undefined);
  assert.equal(await one.take(), true);
  assert.equal(await one.take(), true);
  assert.equal(await two.take(), false);
  await one.release();
  assert.equal(one.held, false);
  await new Promise((resolve) => setTimeout(resolve, 1050));
  assert.equal(await two.take(), true);
  await two.release();
});

test('lease: who lets it go while a renewal is on its way has let it go', async () => {
  const bucket = await bus.bucket('renewing', { ttlMillis: bucketTtlMillis.leases });
  const lease = (instance: string): Lease => new Lease({ bucket, feed: 'cam', instance, logger, busy: () => false, onLost: () => assert.fail(`${instance} lost it`) });
  const [one, two] = [lease('one'), lease('two')];
  assert.equal(await one.take(), true);
  const renewal = one.renew();
  await one.release();
  await renewal;
  assert.equal(one.held, false);
  assert.equal(await two.take(), true);
  await two.release();
});

test('lease: who never heard that a renewal was written holds it still', async () => {
  const bucket = await bus.bucket('unheard', { ttlMillis: bucketTtlMillis.leases });
  const lease = new Lease({ bucket, feed: 'cam', instance: 'one', logger, busy: () => false, onLost: () => assert.fail('lost') });
  assert.equal(await lease.take(), true);
  const entry = await bucket.get('cam');
  assert.ok(entry !== null);
  await bucket.put('cam', entry.value);
  await lease.renew();
  assert.equal(lease.held, true);
  await lease.release();
  assert.equal(await bucket.get('cam'), null);
});

test('lease: who holds it when the bus is back comes before who only wants it', async () => {
  const bucket = await bus.bucket('reunion', { ttlMillis: bucketTtlMillis.leases });
  const lease = (instance: string): Lease => new Lease({ bucket, feed: 'cam', instance, logger, busy: () => false, onLost: () => assert.fail(`${instance} lost it`) });
  const [one, two] = [lease('one'), lease('two')];
  assert.equal(await one.take(), true);
  // It has run out meanwhile.
  await bucket.delete('cam');
  two.reunite();
  assert.equal(await two.take(), false);
  await one.renew();
  two.refresh();
  assert.equal(await two.take(), false);
  assert.equal(one.held, true);
  await one.release();
});

test('lease: who has lost it to another is told once, and holds it no more', async () => {
  const bucket = await bus.bucket('lost', { ttlMillis: bucketTtlMillis.leases });
  let lost = 0;
  const lease = new Lease({ bucket, feed: 'cam', instance: 'one', logger, busy: () => false, onLost: () => lost++ });
  assert.equal(await lease.take(), true);
  await bucket.put('cam', Buffer.from('somebody else'));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  assert.equal(lost, 1);
  assert.equal(lease.held, false);
});

test('lease: whose holder has let it go is taken at once when that is told', async () => {
  const bucket = await bus.bucket('free', { ttlMillis: bucketTtlMillis.leases });
  const lease = (instance: string): Lease => new Lease({ bucket, feed: 'cam', instance, logger, busy: () => false, onLost: () => assert.fail(`${instance} lost it`) });
  const [one, two] = [lease('one'), lease('two')];
  assert.deepEqual([await one.take(), await two.take()], [true, false]);
  await one.release();
  assert.equal(await two.take(), false);
  two.refresh();
  assert.equal(await two.take(), true);
  await two.release();
});

test('lease: is claimed from a holder without a source, and not from one with', async () => {
  const bucket = await bus.bucket('claimed', { ttlMillis: bucketTtlMillis.leases });
  const lost: string[] = [];
  let busy = false;
  const lease = (instance: string): Lease => new Lease({ bucket, feed: 'cam', instance, logger, busy: () => busy, onLost: () => lost.push(instance) });
  const [one, two, three] = [lease('one'), lease('two'), lease('three')];
  assert.equal(await one.take(), true);
  assert.equal(await two.claim(), true);
  await one.renew();
  assert.deepEqual([lost, one.held, two.held], [['one'], false, true]);
  busy = true;
  await two.renew();
  assert.equal(await three.claim(), false);
  assert.equal(two.held, true);
  await two.release();
  assert.equal(await three.claim(), true);
  await three.release();
});

test('lease: that is let go while it is asked for is free when the answer has come', async () => {
  const bucket = await bus.bucket('late', { ttlMillis: bucketTtlMillis.leases });
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const late: Bucket = {
    get: (key) => bucket.get(key),
    put: (key, value) => bucket.put(key, value),
    create: async (key, value) => {
      await answered;
      return bucket.create(key, value);
    },
    update: (key, value, revision) => bucket.update(key, value, revision),
    delete: (key, revision) => bucket.delete(key, revision),
    watch: (key, onEntry) => bucket.watch(key, onEntry),
  };
  const lease = new Lease({ bucket: late, feed: 'cam', instance: 'one', logger, busy: () => false, onLost: () => assert.fail('lost') });
  const taken = lease.take();
  const released = lease.release();
  answer();
  assert.deepEqual([await taken, await released, lease.held, await bucket.get('cam')], [true, true, false, null]);
});

test('epochs: grow from run to run, over ingests, and past a clock that is ahead', async () => {
  const bucket = await bus.bucket('epochs', { ttlMillis: 0 });
  const first = await new Epochs(bucket).next('feed cam');
  assert.ok(Math.abs(first - Date.now()) < 10_000);
  const ahead = first + 3_600_000;
  await bucket.put('feed=20cam', Buffer.from(String(ahead)));
  const other = new Epochs(bucket);
  assert.equal(await other.next('feed cam'), ahead + 1);
  assert.equal(await other.next('feed cam'), ahead + 2);
});

test('epochs: without the bus they still grow', async () => {
  const bucket = await bus.bucket('broken', { ttlMillis: 0 });
  const epochs = new Epochs({ ...bucket, get: () => Promise.reject(new Error('no bus')) });
  const first = await epochs.next('feed cam');
  assert.ok((await epochs.next('feed cam')) > first);
});
