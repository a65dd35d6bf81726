import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { BusError, connectNats, MemoryBus, plainAccess } from '@weir/bus';
import type { Bucket, Bus } from '@weir/bus';
import { eventually, pause } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import type { NatsServerOptions } from '../support/nats-server.ts';

const limits = { timeoutMillis: 1000, bytesMax: 1024 * 1024 };

/** What callbacks threw; a test that expects a throw empties it. */
const thrown: unknown[] = [];
const onCallbackError = (error: unknown): void => void thrown.push(error);

const silent = { access: plainAccess, onCallbackError, onWaiting: () => {}, onWithoutKeyValue: () => {}, onDenied: () => {} };

function overNats(server: NatsServer, role: string): Promise<Bus> {
  return connectNats({ servers: [server.url], role, instance: 't', ...silent });
}

/**
 * The one suite that every bus passes. `there` and `here` are two parties; in-process they are the same bus. Where what one has
 * written is only heard by the other, it takes `heardMillis`.
 */
function contract(name: string, open: () => Promise<{ here: Bus; there: Bus; close: () => Promise<void> }>, heardMillis = 0): void {
  describe(`bus ${name}`, () => {
    const heard = (): Promise<void> => pause(heardMillis);
    let here: Bus;
    let there: Bus;
    let close: () => Promise<void>;
    before(async () => ({ here, there, close } = await open()));
    after(() => close());

    it('delivers messages in order, to every subscriber of the subject and to no other', async () => {
      const seen: Record<string, string[]> = { one: [], two: [], other: [] };
      const subscriptions = [
        there.frames.subscribe('t.order.x', (payload) => seen['one']?.push(Buffer.from(payload).toString())),
        there.frames.subscribe('t.order.*', (payload, subject) => seen['two']?.push(`${subject}:${Buffer.from(payload).toString()}`)),
        there.frames.subscribe('t.order.x.y', () => seen['other']?.push('?')),
      ];
      await pause(50);
      for (let count = 0; count < 100; count++) assert.equal(here.frames.publish('t.order.x', Buffer.from(String(count))), true);
      const numbers = Array.from({ length: 100 }, (_, count) => String(count));
      await eventually('all there', () => seen['one']?.length === 100 && seen['two']?.length === 100);
      assert.deepEqual(seen, { one: numbers, two: numbers.map((number) => `t.order.x:${number}`), other: [] });
      for (const subscription of subscriptions) subscription.unsubscribe();
    });

    it('delivers what a party publishes to that party itself, too', async () => {
      for (const channel of [here.frames, here.control]) {
        let count = 0;
        const subscription = channel.subscribe('t.own', () => count++);
        await pause(50);
        channel.publish('t.own', Buffer.from('x'));
        await eventually('it is heard', () => count === 1);
        subscription.unsubscribe();
      }
    });

    it('delivers nothing after unsubscribe', async () => {
      let count = 0;
      const subscription = there.control.subscribe('t.un', () => count++);
      await pause(50);
      here.control.publish('t.un', Buffer.from('1'));
      await eventually('the first', () => count === 1);
      subscription.unsubscribe();
      await pause(50);
      here.control.publish('t.un', Buffer.from('2'));
      await pause(100);
      assert.equal(count, 1);
    });

    it('survives a callback that throws: every other subscription goes on', async () => {
      thrown.length = 0;
      let count = 0;
      const bad = there.frames.subscribe('t.throw', () => {
        throw new Error('a fault in a callback');
      });
      const good = there.frames.subscribe('t.throw', () => count++);
      await pause(50);
      for (let turn = 0; turn < 5; turn++) here.frames.publish('t.throw', Buffer.from('x'));
      await eventually('five there', () => count === 5);
      assert.equal(thrown.length, 5);
      assert.match(String(thrown[0]), /a fault in a callback/);
      bad.unsubscribe();
      good.unsubscribe();
    });

    it('gathers answers until the empty one', async () => {
      const responder = there.frames.subscribe('t.ask', (payload, _, reply) => {
        assert.ok(reply !== null);
        for (const answer of ['a', 'b', Buffer.from(payload).toString()]) there.frames.publish(reply, Buffer.from(answer));
        there.frames.publish(reply, Buffer.alloc(0));
      });
      await pause(50);
      const answers = await here.frames.collect('t.ask', Buffer.from('c'), limits);
      assert.deepEqual(answers.map((answer) => Buffer.from(answer).toString()), ['a', 'b', 'c']);
      responder.unsubscribe();
    });

    it('says at once that nobody answers', async () => {
      const started = performance.now();
      await assert.rejects(here.control.collect('t.nobody', Buffer.alloc(0), { ...limits, timeoutMillis: 20_000 }), hasCode('no-responder'));
      assert.ok(performance.now() - started < 10_000);
    });

    it('gives up on a responder that falls silent, and on one that never ends', async () => {
      const silent = there.control.subscribe('t.silent', (_, __, reply) => void there.control.publish(reply ?? '', Buffer.from('x')));
      const endless = there.control.subscribe('t.endless', (_, __, reply) => {
        for (let turn = 0; turn < 20; turn++) there.control.publish(reply ?? '', Buffer.alloc(100_000, 1));
      });
      await pause(50);
      await assert.rejects(here.control.collect('t.silent', Buffer.alloc(0), { ...limits, timeoutMillis: 100 }), hasCode('timeout'));
      await assert.rejects(here.control.collect('t.endless', Buffer.alloc(0), limits), hasCode('too-large'));
      silent.unsubscribe();
      endless.unsubscribe();
    });

    it('keeps values: create, compare and set, delete', async () => {
      const bucket = await here.bucket('t.values', { ttlMillis: 0 });
      const other = await there.bucket('t.values', { ttlMillis: 0 });
      assert.equal(await bucket.get('k'), null);
      const first = await bucket.create('k', Buffer.from('1'));
      assert.ok(first !== null);
      await heard();
      assert.equal(await other.create('k', Buffer.from('2')), null);
      assert.equal(Buffer.from((await other.get('k'))?.value ?? []).toString(), '1');
      const second = await other.update('k', Buffer.from('2'), first);
      assert.ok(second !== null && second > first);
      await heard();
      assert.equal(await bucket.update('k', Buffer.from('3'), first), null);
      await bucket.delete('k', first);
      assert.equal((await bucket.get('k'))?.revision, second);
      await bucket.delete('k', second);
      assert.equal(await bucket.get('k'), null);
      const third = await bucket.create('k', Buffer.from('4'));
      assert.ok(third !== null && third > second);
    });

    it('forgets a value that is not renewed', async () => {
      const bucket = await here.bucket('t.ttl', { ttlMillis: 600 });
      const revision = await bucket.create('k', Buffer.from('1'));
      assert.ok(revision !== null);
      assert.equal(await bucket.create('k', Buffer.from('2')), null);
      const taken = await eventually('another can take it', () => bucket.create('k', Buffer.from('3')));
      assert.ok(taken > revision);
    });

    it('tells watchers the value there is, each change, and a deletion', async () => {
      const bucket = await here.bucket('t_watch', { ttlMillis: 0 });
      const told: (string | null)[] = [];
      const watch = (await there.bucket('t_watch', { ttlMillis: 0 })).watch('k', (entry) =>
        told.push(entry === null ? null : Buffer.from(entry.value).toString()),
      );
      await eventually('nothing yet', () => told.length === 1);
      for (const value of ['1', '2']) {
        await bucket.put('k', Buffer.from(value));
        await bucket.put('other', Buffer.from('x'));
        await eventually(`told ${value}`, () => told.at(-1) === value);
      }
      await bucket.delete('k');
      await eventually('told the deletion', () => told.at(-1) === null && told.length > 1);
      watch.unsubscribe();
      assert.deepEqual(told, [null, '1', '2', null]);
    });

    it('survives a watcher that throws', async () => {
      thrown.length = 0;
      const bucket = await here.bucket('t_watch_throw', { ttlMillis: 0 });
      let told = 0;
      const watches = [
        bucket.watch('k', () => {
          throw new Error('a fault in a watcher');
        }),
        bucket.watch('k', () => told++),
      ];
      await eventually('nothing yet, twice', () => thrown.length === 1 && told === 1);
      await bucket.put('k', Buffer.from('1'));
      await eventually('the value, twice', () => thrown.length === 2 && told === 2);
      for (const watch of watches) watch.unsubscribe();
    });
  });
}

function hasCode(code: BusError['code']): (error: unknown) => boolean {
  return (error) => error instanceof BusError && error.code === code;
}

contract('in-process', () => {
  const bus = new MemoryBus(onCallbackError);
  return Promise.resolve({ here: bus, there: bus, close: () => bus.close() });
});

async function twoOverNats(options: NatsServerOptions): Promise<{ here: Bus; there: Bus; close: () => Promise<void> }> {
  const server = await NatsServer.start(options);
  const [here, there] = await Promise.all([overNats(server, 'here'), overNats(server, 'there')]);
  return {
    here,
    there,
    close: async () => {
      await Promise.all([here.close(), there.close()]);
      await server.stop();
    },
  };
}

contract('over NATS', () => twoOverNats({ jetStream: true }));
contract('over NATS without JetStream', () => twoOverNats({ jetStream: false }), 100);

describe('bus over NATS in trouble', () => {
  let server: NatsServer;
  let here: Bus;
  let there: Bus;
  before(async () => {
    server = await NatsServer.start();
    [here, there] = await Promise.all([overNats(server, 'here'), overNats(server, 'there')]);
  });
  after(async () => {
    await Promise.all([here.close(), there.close()]);
    await server.stop();
  });

  it('waits for a server that comes later, and says so once', async () => {
    const late = await NatsServer.start();
    await late.kill();
    const waiting: string[] = [];
    const connecting = connectNats({ servers: [late.url], role: 'r', instance: 't', ...silent, onWaiting: (reason) => waiting.push(reason) });
    await eventually('it says that it waits', () => waiting.length === 1);
    await pause(600);
    await late.resume();
    const bus = await connecting;
    assert.equal(waiting.length, 1);
    assert.equal(bus.connected, true);
    await bus.close();
    await late.stop();
  });

  it('drops what is published while there is no server, and goes on by itself', async () => {
    const seen: string[] = [];
    const changes: boolean[] = [];
    there.frames.subscribe('t.outage', (payload) => seen.push(Buffer.from(payload).toString()));
    here.onConnection((connected) => changes.push(connected));
    await pause(50);
    await server.kill();
    await eventually('publish refuses', () => !here.frames.publish('t.outage', Buffer.from('at the break')));
    for (let count = 0; count < 100; count++) assert.equal(here.frames.publish('t.outage', Buffer.from('lost')), false);
    await assert.rejects(here.frames.collect('t.outage', Buffer.alloc(0), limits), hasCode('disconnected'));
    await server.resume();
    await eventually('both are back', () => here.connected && there.connected);
    await eventually('messages flow', () => {
      here.frames.publish('t.outage', Buffer.from('after'));
      return seen.includes('after');
    });
    assert.equal(seen.includes('lost'), false);
    assert.deepEqual(changes, [false, true]);
  });

  for (const forget of [false, true]) {
    it(`watches on after a restart of the server ${forget ? 'that lost its store' : 'with its store'}`, async () => {
      const name = `t_restart_${forget}`;
      const told: (string | null)[] = [];
      const bucket: Bucket = await here.bucket(name, { ttlMillis: 0 });
      await bucket.put('k', Buffer.from('before'));
      const watch = (await there.bucket(name, { ttlMillis: 0 })).watch('k', (entry) => told.push(entry === null ? null : Buffer.from(entry.value).toString()));
      await eventually('told', () => told.at(-1) === 'before');
      await server.kill({ forget });
      await eventually('noticed', () => !here.connected && !there.connected);
      await server.resume();
      await eventually('both are back', () => here.connected && there.connected);
      await eventually('written', () => bucket.put('k', Buffer.from('after')).catch(() => null));
      await eventually('told the new value', () => told.at(-1) === 'after');
      watch.unsubscribe();
    });
  }

  it('stops publishing to a server that has stopped, before memory fills', async () => {
    const heap = process.memoryUsage().rss;
    server.signal('SIGSTOP');
    const payload = Buffer.alloc(50_000);
    try {
      await eventually('publish refuses', () => {
        for (let count = 0; count < 10; count++) if (!here.frames.publish('t.stopped', payload)) return true;
        return false;
      });
      assert.ok(process.memoryUsage().rss - heap < 500_000_000);
    } finally {
      server.signal('SIGCONT');
    }
    await eventually('it goes on', () => here.connected && here.frames.publish('t.stopped', payload));
  });

  it('keeps the others supplied when one subscriber stops reading', async () => {
    const deaf = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => deaf.once('connect', resolve));
    deaf.write('CONNECT {"verbose":false}\r\nSUB t.deaf 1\r\nPING\r\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    deaf.pause();
    let received = 0;
    let lastAt = performance.now();
    let gapMillis = 0;
    there.frames.subscribe('t.deaf', () => {
      received++;
      gapMillis = Math.max(gapMillis, performance.now() - lastAt);
      lastAt = performance.now();
    });
    await pause(100);
    let sent = 0;
    for (let turn = 0; turn < 300; turn++) {
      for (let count = 0; count < 5; count++) sent += here.frames.publish('t.deaf', Buffer.alloc(32_000)) ? 1 : 0;
      await pause(10);
    }
    await eventually('all there', () => received === sent);
    assert.equal(sent, 1500);
    assert.ok(gapMillis < 4000, `a gap of ${gapMillis} ms`);
    deaf.destroy();
  });

  it('hears of a watched key although its first value could not be read', async () => {
    const server = await NatsServer.start();
    let spoilt = 0;
    // As while the bucket has no leader: nobody answers the first question for a value. Lengths stay as they are.
    const between = createServer((client) => {
      const onward = connect(server.port, '127.0.0.1');
      onward.pipe(client);
      client.on('data', (bytes: Buffer) => {
        const text = bytes.toString('latin1');
        const isFirst = spoilt === 0 && text.includes('$JS.API.DIRECT.GET');
        if (isFirst) spoilt++;
        onward.write(isFirst ? text.replace('$JS.API.DIRECT.GET', '$JS.API.NOBODY.GET') : text, 'latin1');
      });
      client.on('error', () => {}).on('close', () => onward.destroy());
      onward.on('error', () => {}).on('close', () => client.destroy());
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const here = await connectNats({ servers: [`nats://127.0.0.1:${(between.address() as AddressInfo).port}`], role: 'watcher', instance: 't', ...silent });
    const there = await overNats(server, 'writer');
    const told: (string | null)[] = [];
    const watch = (await here.bucket('late', { ttlMillis: 0 })).watch('key', (entry) => told.push(entry === null ? null : Buffer.from(entry.value).toString()));
    await eventually('it was asked', () => spoilt === 1);
    await (await there.bucket('late', { ttlMillis: 0 })).put('key', Buffer.from('value'));
    await eventually('it is told', () => told.includes('value'));
    watch.unsubscribe();
    await Promise.all([here.close(), there.close()]);
    between.close();
    await server.stop();
  });

  it('logs in with the user and password of its URL, and does not tell them', async () => {
    const guarded = await NatsServer.start({ jetStream: false, login: { user: 'us er', password: 'p@ss' } });
    const bus = await connectNats({ servers: [guarded.url.replace('//', `//${encodeURIComponent('us er')}:${encodeURIComponent('p@ss')}@`)], role: 'r', instance: 't', ...silent, onWaiting: (reason) => assert.fail(reason) });
    assert.equal(bus.connected, true);
    assert.doesNotMatch(bus.description, /us|p%40ss|p@ss/);
    await bus.close();
    await guarded.stop();
  });

  it('tells once that the server has no JetStream', async () => {
    const plain = await NatsServer.start({ jetStream: false });
    let told = 0;
    const bus = await connectNats({ servers: [plain.url], role: 'r', instance: 't', ...silent, onWithoutKeyValue: () => told++ });
    await Promise.all(['a', 'b'].map((name) => bus.bucket(name, { ttlMillis: 0 })));
    await bus.bucket('c', { ttlMillis: 1000 });
    assert.equal(told, 1);
    await bus.close();
    await plain.stop();
  });
});
