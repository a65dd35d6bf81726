import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Channel, Entry } from './bus.ts';
import { HeardBucket } from './heard-bucket.ts';
import { encodeHeard } from './heard-message.ts';
import type { HeardMessage } from './heard-message.ts';
import { mentionMillis, settleMillis } from './limits.ts';
import { MemoryBus } from './memory-bus.ts';

const subject = 't.bucket';
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (entry: Entry | null): string | null => (entry === null ? null : Buffer.from(entry.value).toString());

/** A party's way to the bus, which can be cut: what it sends is refused or, where it is cut off unknowingly, lost. */
class Line implements Channel {
  is: 'whole' | 'cut' | 'cut-unknowingly' = 'whole';
  readonly lagMillis = 0;
  readonly traffic = null;
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  publish: Channel['publish'] = (to, payload) => {
    if (this.is === 'whole') return this.#channel.publish(to, payload);
    return this.is === 'cut-unknowingly';
  };

  subscribe: Channel['subscribe'] = (to, onMessage) =>
    this.#channel.subscribe(to, (...message) => {
      if (this.is === 'whole') onMessage(...message);
    });

  collect: Channel['collect'] = (...question) => this.#channel.collect(...question);
}

interface Party {
  readonly bucket: HeardBucket;
  readonly line: Line;
}

/** What opens copies of one bucket, and closes them after the test. */
function network(t: TestContext, ttlMillis: number, messageBytesMax = 1024 * 1024): { open: () => Party; channel: Channel } {
  const onCallbackError = (error: unknown): void => assert.fail(String(error));
  const channel = new MemoryBus(onCallbackError).control;
  const open = (): Party => {
    const line = new Line(channel);
    const bucket = new HeardBucket({ channel: line, subject, ttlMillis, messageBytesMax: () => messageBytesMax, onCallbackError });
    t.after(() => bucket.close());
    return { bucket, line };
  };
  return { open, channel };
}

/** Longer than any of these tests takes. */
const long = 60_000;

describe('heard bucket', { concurrency: true }, () => {
  it('one of three that create a key at the same time has it', async (t) => {
    const { open } = network(t, long);
    const buckets = [open(), open(), open()].map(({ bucket }) => bucket);
    for (const round of ['a', 'b', 'c', 'd', 'e']) {
      const revisions = await Promise.all(buckets.map((bucket) => bucket.create(round, bytes('x'))));
      assert.equal(revisions.filter((revision) => revision !== null).length, 1, round);
    }
  });

  it('who claims a little later than another does not get the key', async (t) => {
    const { open } = network(t, long);
    const [one, two] = [open().bucket, open().bucket];
    await one.get('k');
    const first = one.create('k', bytes('one'));
    await pause(settleMillis / 2);
    assert.deepEqual([await two.create('k', bytes('two')), text(await two.get('k'))], [null, 'one']);
    assert.notEqual(await first, null);
  });

  it('of two that have heard each other claim a key one gives up, whatever comes after', async (t) => {
    const { open } = network(t, long);
    const parties = [open(), open()];
    await Promise.all(parties.map(({ bucket }) => bucket.get('k')));
    const attempts = Promise.all(parties.map(({ bucket }) => bucket.create('k', bytes('x'))));
    await pause(settleMillis / 2);
    for (const { line } of parties) line.is = 'cut-unknowingly';
    assert.equal((await attempts).filter((revision) => revision !== null).length, 1);
  });

  it('a key that is held is not taken by one who has not heard of it', async (t) => {
    const { open } = network(t, long);
    const [one, two] = [open(), open()];
    two.line.is = 'cut-unknowingly';
    const held = await one.bucket.create('k', bytes('one'));
    assert.notEqual(held, null);
    two.line.is = 'whole';
    assert.equal(await two.bucket.get('k'), null);
    assert.equal(await two.bucket.create('k', bytes('two')), null);
    assert.deepEqual([text(await one.bucket.get('k')), text(await two.bucket.get('k'))], ['one', 'one']);
  });

  it('a newcomer knows what there is, when it was written, and what became of it', async (t) => {
    const { open } = network(t, 3000);
    const writer = open();
    const witness = open().bucket;
    assert.notEqual(await writer.bucket.create('k', bytes('x')), null);
    await pause(400);
    writer.line.is = 'cut';
    const newcomer = open().bucket;
    assert.equal(text(await newcomer.get('k')), 'x');
    assert.equal(await newcomer.create('k', bytes('y')), null);
    await pause(3000 - 400 - settleMillis + 50);
    assert.deepEqual([await newcomer.get('k'), await witness.get('k')], [null, null]);
    assert.notEqual(await newcomer.create('k', bytes('y')), null);
  });

  it('a holder that another compares and sets against loses it, once', async (t) => {
    const { open } = network(t, long);
    const [one, two, three] = [open().bucket, open().bucket, open().bucket];
    const held = (await one.create('k', bytes('one'))) ?? assert.fail();
    const taken = await Promise.all([two, three].map((each) => each.update('k', bytes('new'), held)));
    assert.equal(taken.filter((revision) => revision !== null).length, 1);
    assert.equal(await one.update('k', bytes('one'), held), null);
    assert.equal(await one.create('k', bytes('one')), null);
    assert.equal(text(await one.get('k')), 'new');
  });

  it('a holder lets its key go once it has heard that another compares and sets against it', async (t) => {
    const { open } = network(t, long);
    const [one, two] = [open().bucket, open().bucket];
    const held = (await one.create('k', bytes('one'))) ?? assert.fail();
    const taking = two.update('k', bytes('two'), held);
    await two.get('k');
    assert.equal(await one.update('k', bytes('one'), held), null);
    assert.notEqual(await taking, null);
  });

  it('one that takes a key without knowing who had it before has it also where that is known', async (t) => {
    const { open } = network(t, long);
    const [one, two, late] = [open().bucket, open().bucket, open()];
    late.line.is = 'cut';
    for (const each of [one, two]) {
      assert.notEqual(await each.create('k', bytes('x')), null);
      await each.delete('k');
    }
    late.line.is = 'whole';
    assert.notEqual(await late.bucket.create('k', bytes('late')), null);
    assert.equal(text(await one.get('k')), 'late');
    assert.equal(await two.create('k', bytes('two')), null);
  });

  it('a holder that has renewed keeps its key from one who compares with what was before', async (t) => {
    const { open } = network(t, long);
    const [one, two] = [open(), open()];
    const held = (await one.bucket.create('k', bytes('idle'))) ?? assert.fail();
    two.line.is = 'cut-unknowingly';
    const renewed = (await one.bucket.update('k', bytes('busy'), held)) ?? assert.fail();
    two.line.is = 'whole';
    assert.equal(await two.bucket.update('k', bytes('two'), held), null);
    assert.notEqual(await one.bucket.update('k', bytes('busy'), renewed), null);
  });

  it('a holder that was away for longer than its value lives loses to the one that has taken it', async (t) => {
    const { open } = network(t, 400);
    const [one, two] = [open(), open()];
    const held = (await one.bucket.create('k', bytes('one'))) ?? assert.fail();
    one.line.is = 'cut-unknowingly';
    await pause(450);
    const taken = (await two.bucket.create('k', bytes('two'))) ?? assert.fail();
    one.line.is = 'whole';
    // It cannot know yet; its word is what makes the other object.
    const renewed = await one.bucket.update('k', bytes('one'), held);
    assert.notEqual(renewed, null);
    assert.equal(text(await one.bucket.get('k')), 'two');
    assert.equal(await one.bucket.update('k', bytes('one'), renewed ?? 0), null);
    assert.notEqual(await two.bucket.update('k', bytes('two'), taken), null);
  });

  it('a holder that comes back after all were away goes on, and is not overtaken', async (t) => {
    const { open } = network(t, 1500);
    const [one, two] = [open(), open()];
    const held = (await one.bucket.create('k', bytes('one'))) ?? assert.fail();
    for (const { line } of [one, two]) line.is = 'cut';
    await assert.rejects(one.bucket.update('k', bytes('one'), held), { code: 'disconnected' });
    await pause(1550);
    two.line.is = 'whole';
    two.bucket.reopen();
    const attempt = two.bucket.create('k', bytes('two'));
    await pause(settleMillis * 2);
    one.line.is = 'whole';
    one.bucket.reopen();
    const renewing = (async () => {
      for (let revision: number | null = held; revision !== null; await pause(100)) revision = await one.bucket.update('k', bytes('one'), revision);
    })();
    assert.equal(await attempt, null);
    assert.equal(text(await one.bucket.get('k')), 'one');
    one.bucket.close();
    await one.bucket.delete('k');
    await renewing;
  });

  it('two sides of a split network agree once they meet, and only one of two holders stays', async (t) => {
    const { open } = network(t, long);
    const [one, two] = [open(), open()];
    await Promise.all([one, two].map(({ bucket }) => bucket.get('k')));
    one.line.is = 'cut-unknowingly';
    const first = (await one.bucket.create('k', bytes('one'))) ?? assert.fail();
    const second = (await two.bucket.create('k', bytes('two'))) ?? assert.fail();
    one.line.is = 'whole';
    await two.bucket.update('k', bytes('two'), second);
    assert.deepEqual([text(await one.bucket.get('k')), text(await two.bucket.get('k'))], ['one', 'one']);
    assert.notEqual(await one.bucket.update('k', bytes('one'), first), null);
  });

  it('values that stay are had from anyone who knows them, deletions too', async (t) => {
    const { open } = network(t, 0);
    const [one, two, late] = [open(), open(), open()];
    late.line.is = 'cut';
    await one.bucket.put('k', bytes('old'));
    const large = 'x'.repeat(300_000);
    await one.bucket.put('k', bytes(large));
    await one.bucket.put('gone', bytes('x'));
    await one.bucket.delete('gone');
    one.bucket.close();
    const told: (string | null)[] = [];
    late.bucket.watch('k', (entry) => told.push(text(entry)));
    assert.equal(await late.bucket.get('k'), null);
    late.line.is = 'whole';
    late.bucket.reopen();
    assert.deepEqual(told, [null, large]);
    assert.equal(await late.bucket.get('gone'), null);
    const [revision, known] = [(await late.bucket.get('k'))?.revision, (await two.bucket.get('k'))?.revision];
    assert.ok(revision !== undefined && revision === known);
  });
});

test('heard bucket: what got lost on the way is made good by a later mention', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { open } = network(t, 0);
  const [one, two] = [open(), open()];
  await one.bucket.put('k', bytes('old'));
  two.line.is = 'cut-unknowingly';
  await one.bucket.put('k', bytes('new'));
  two.line.is = 'whole';
  assert.equal(text(await two.bucket.get('k')), 'old');
  t.mock.timers.tick(mentionMillis);
  assert.equal(text(await two.bucket.get('k')), 'new');
});

test('heard bucket: of values that stay the last that was put stands, also from a clock that is behind', async (t) => {
  const { open } = network(t, 0);
  const one = open().bucket;
  const ahead = Date.now() + 3_600_000;
  const clock = t.mock.method(Date, 'now', () => ahead);
  const first = await one.put('k', bytes('ahead'));
  clock.mock.restore();
  const two = open().bucket;
  const second = await two.put('k', bytes('behind'));
  assert.ok(first === ahead && second > first);
  assert.equal(text(await one.get('k')), 'behind');
});

test('heard bucket: where values stay, create and update do not wait', async (t) => {
  const { open } = network(t, 0);
  const { bucket } = open();
  await bucket.get('k');
  const started = performance.now();
  let revision = (await bucket.create('k', bytes('0'))) ?? assert.fail();
  for (let count = 1; count < 100; count++) revision = (await bucket.update('k', bytes(String(count)), revision)) ?? assert.fail();
  assert.ok(performance.now() - started < settleMillis);
});

test('heard bucket: refuses what a message cannot carry, and what is no key', async (t) => {
  const { bucket } = network(t, 0, 10_000).open();
  await assert.rejects(bucket.put('k', new Uint8Array(8000)), /^BusError: the value of k has 8000 bytes, this NATS server takes 7952: raise its max_payload$/);
  await assert.rejects(bucket.put('a b', bytes('x')), /^RangeError: "a b" is no key/);
});

test('heard bucket: holds a bounded number of keys, and makes room by forgetting what is dead', async (t) => {
  const { bucket } = network(t, 0).open();
  for (let count = 0; count < 20_000; count++) await bucket.put(`k${count}`, bytes('x'));
  await assert.rejects(bucket.put('more', bytes('x')), { code: 'too-large' });
  await bucket.delete('k7');
  await bucket.put('more', bytes('x'));
  assert.equal(text(await bucket.get('more')), 'x');
});

const from = randomUUID();
const version = { key: 'k', writer: from, term: Number.MAX_SAFE_INTEGER, birth: 1, revision: Number.MAX_SAFE_INTEGER, deleted: false };
const header = (changes: object): string => JSON.stringify({ is: 'entry', from, version, ageMillis: 0, ...changes });
const garbage: readonly { name: string; payload: string }[] = [
  { name: 'nothing', payload: '' },
  { name: 'no line', payload: header({}) },
  { name: 'no JSON', payload: '{"is":\nvalue' },
  { name: 'JSON of no object', payload: 'null\nvalue' },
  { name: 'another kind', payload: `${header({ is: 'order' })}\nvalue` },
  { name: 'a sender with a wildcard', payload: `${header({ is: 'ask', from: '>' })}\n` },
  { name: 'no version', payload: `${header({ version: null })}\nvalue` },
  { name: 'a key with a space', payload: `${header({ version: { ...version, key: 'k k' } })}\nvalue` },
  { name: 'a key that is too long', payload: `${header({ version: { ...version, key: 'k'.repeat(513) } })}\nvalue` },
  { name: 'a revision that is no whole number', payload: `${header({ version: { ...version, revision: 1e300 } })}\nvalue` },
  { name: 'a value that is told before it was written', payload: `${header({ ageMillis: -1 })}\nvalue` },
  { name: 'a claim of nothing', payload: `${header({ is: 'claim', over: 'k' })}\nvalue` },
  { name: 'a mention of too much', payload: `${header({ is: 'mention', versions: Array.from({ length: 51 }, () => version) })}\n` },
  { name: 'a fetch of what is no key', payload: `${header({ is: 'fetch', keys: ['*'] })}\n` },
];
test('heard bucket: ignores what is no message of its copies', async (t) => {
  const { open, channel } = network(t, 0);
  const { bucket } = open();
  await bucket.put('k', bytes('mine'));
  for (const { name, payload } of garbage) {
    await t.test(name, async () => {
      const sent: string[] = [];
      const tap = channel.subscribe('t.>', (_, to) => sent.push(to));
      channel.publish(subject, bytes(payload));
      assert.deepEqual([text(await bucket.get('k')), sent], ['mine', [subject]]);
      tap.unsubscribe();
    });
  }
});

test('heard bucket: keeps no more than the value of the message it came in', async (t) => {
  const { open, channel } = network(t, 0);
  const { bucket } = open();
  const message: HeardMessage = { is: 'entry', from, version: { ...version, revision: 1 }, ageMillis: 0, value: bytes('x') };
  const socketBuffer = Buffer.alloc(64 * 1024);
  const length = socketBuffer.write(Buffer.from(encodeHeard(message)).toString());
  channel.publish(subject, socketBuffer.subarray(0, length));
  assert.equal((await bucket.get('k'))?.value.buffer.byteLength, 1);
});
