import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connectNats, plainAccess } from '@weir/bus';
import type { Bus } from '@weir/bus';
import { eventually } from '../support/eventually.ts';
import { NatsCluster } from '../support/nats-cluster.ts';

describe('a bucket in a cluster of three', () => {
  let cluster: NatsCluster;
  let bus: Bus;
  const waiting: string[] = [];
  before(async () => {
    cluster = await NatsCluster.start();
    const nothing = (): void => {};
    bus = await connectNats({ servers: cluster.nodes.map(({ url }) => url), role: 'control', instance: 't', access: plainAccess, onCallbackError: nothing, onWaiting: (reason) => waiting.push(reason), onWithoutKeyValue: nothing, onDenied: nothing });
  });
  after(async () => {
    await bus?.close();
    await cluster?.stop();
  });

  it('tells those who watched it before it was there, however slowly the servers agree on who leads it', async () => {
    const told: string[][] = [];
    for (let watcher = 0; watcher < 6; watcher++) {
      const texts: string[] = [];
      told.push(texts);
      const watched = await bus.bucket('t.watched', { ttlMillis: 0, madeElsewhere: true });
      watched.watch('current', (entry) => entry !== null && texts.push(Buffer.from(entry.value).toString()));
    }
    const bucket = await eventually('it can be made', () => bus.bucket('t.watched', { ttlMillis: 0 }).catch(() => null), 60_000);
    for (const text of ['one', 'two']) {
      await eventually('it can be written', () => bucket.put('current', Buffer.from(text)).catch(() => null), 60_000);
      await eventually(`all are told ${text}`, () => told.every((texts) => texts.at(-1) === text), 60_000);
    }
  });

  it('is opened as soon as the servers agree on who leads them', async () => {
    const [, ...others] = cluster.nodes;
    for (const node of others) await node.kill();
    const opened = bus.bucket('t.late', { ttlMillis: 0 });
    await eventually('it is told why', () => waiting.length > 0, 60_000);
    for (const node of others) await node.resume();
    const bucket = await opened;
    assert.match(waiting.join(), /JetStream does not answer yet/);
    await eventually('it can be written', () => bucket.put('current', Buffer.from('one')).catch(() => null), 60_000);
  });

  it('that one of them alone has kept is kept by each of them once it is opened', async () => {
    // As an earlier weir, or one without a cluster, has made it.
    const old = { name: 'KV_t_old', subjects: ['$KV.t_old.>'], retention: 'limits', storage: 'file', discard: 'new', num_replicas: 1, max_msgs_per_subject: 1, allow_rollup_hdrs: true, deny_delete: true, allow_direct: true };
    bus.control.publish('$JS.API.STREAM.CREATE.KV_t_old', Buffer.from(JSON.stringify(old)));
    assert.equal(await cluster.copies('t_old'), 1);
    const bucket = await bus.bucket('t.old', { ttlMillis: 0 });
    await bucket.put('current', Buffer.from('one'));
    await eventually('three have it', async () => (await cluster.copies('t_old')) === 3, 60_000);
  });

  it('is kept by each of them, and can be read and written when the one that led it is lost', async () => {
    const bucket = await eventually('it can be made', () => bus.bucket('t.config', { ttlMillis: 0 }).catch(() => null), 60_000);
    await bucket.put('current', Buffer.from('one'));
    await eventually('three have it', async () => (await cluster.copies('t_config')) === 3, 60_000);
    await (await cluster.leader('t_config')).kill();
    const revision = await eventually('it can be written', () => bucket.put('current', Buffer.from('two')).catch(() => null), 60_000);
    assert.ok(revision > 1);
    const entry = await eventually('it can be read', () => bucket.get('current').catch(() => null), 60_000);
    assert.equal(Buffer.from(entry.value).toString(), 'two');
  });
});
