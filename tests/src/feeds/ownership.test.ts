import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

interface FleetFeed {
  readonly name: string;
  readonly owner: string;
  readonly mood: string;
}

/** Milliseconds a lease lives after its holder has died; handing over must not take that long. */
const leaseMillis = 5000;

describe('who runs a feed', () => {
  let nats: NatsServer;
  let remove: () => Promise<void>;
  let control: string;
  let edge: string;
  const services = new Map<string, Weir>();
  const start = (instance: string, argv: readonly string[]): Weir => {
    const service = new Weir([...argv, '--nats', nats.url, '--instance', instance]);
    services.set(instance, service);
    return service;
  };
  before(async () => {
    const tone = (frequency: number): string => `ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=${frequency} -c:a libmp3lame -flush_packets 1 -f mp3 {out}`;
    // These give b a tenth of a second's more hesitation than a: more than a loaded machine is late.
    const busy = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`busy${index}`, { command: 'sleep 1000', active: 'continuous', stall: '10m', on: 'roof' }]));
    const configuration = await writeConfiguration({
      feeds: { ...busy, one: { command: tone(300) }, two: { command: tone(400) }, pinned: { command: tone(500), on: 'studio' }, nowhere: { command: tone(600), on: 'mars', start_timeout: '2s' } },
      streams: {
        ...Object.fromEntries(['one', 'two', 'pinned', 'nowhere'].map((feed) => [feed, { feed }])),
        crossing: { feed: 'pinned', encode: 'ffmpeg -nostdin -v error -i {in} -c:a aac -flush_packets 1 -f adts {out}', on: 'office' },
      },
    });
    remove = configuration.remove;
    nats = await NatsServer.start();
    start('a', ['ingest', '--labels', 'office']);
    start('b', ['ingest', '--labels', 'studio,roof']);
    control = await start('control', ['control', '-f', configuration.file, '--listen', '127.0.0.1:0']).url();
    edge = await start('edge', ['edge', '--listen', '127.0.0.1:0']).url();
    await eventually('the configuration is there', async () => (await fetch(`${edge}/one`, { method: 'HEAD' })).status === 200);
  });
  after(async () => {
    // What it runs says nothing, and would not notice that it is gone.
    await services.get('b')?.stop();
    await Promise.all([...services.values()].map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  const feed = async (name: string): Promise<FleetFeed | undefined> => {
    const { feeds } = (await (await fetch(`${control}/stat.json`)).json()) as { feeds: FleetFeed[] };
    return feeds.find((each) => each.name === name);
  };

  /** Listens until `stop`, and tells the longest silence. */
  async function listen(path: string): Promise<{ stop: () => Promise<{ silenceMillis: number; ended: boolean }>; bytes: () => number }> {
    const response = await fetch(`${edge}${path}`);
    assert.equal(response.status, 200);
    const reader = response.body?.getReader();
    let bytes = 0;
    let silenceMillis = 0;
    let ended = false;
    const reading = (async () => {
      for (let last = performance.now(); ; last = performance.now()) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) break;
        bytes += value?.length ?? 0;
        silenceMillis = Math.max(silenceMillis, performance.now() - last);
      }
      ended = true;
    })();
    return {
      bytes: () => bytes,
      stop: async () => {
        const before = ended;
        await reader?.cancel();
        await reading;
        return { silenceMillis, ended: before };
      },
    };
  }

  it('is an ingest with the label that the feed is pinned to, and nobody where there is none', async () => {
    const listener = await listen('/pinned');
    const { owner } = await eventually('it is told', async () => ((await feed('pinned'))?.mood === 'happy' ? feed('pinned') : null));
    assert.equal(owner, 'b');
    await listener.stop();
    assert.equal((await fetch(`${edge}/nowhere`)).status, 503);
  });

  it('is another ingest than that of its feed for an encoder that is pinned there', async () => {
    const { code, complaints, audio } = await play(`${edge}/crossing`, 2);
    assert.deepEqual([code, complaints, audio > 40], [0, '', true]);
    const listeners = [await listen('/crossing'), await listen('/pinned')];
    const owners = await eventually('both are told', async () => {
      const { feeds, encoders } = (await (await fetch(`${control}/stat.json`)).json()) as { feeds: FleetFeed[]; encoders: FleetFeed[] };
      const [feed, encoder] = [feeds.find(({ name }) => name === 'pinned'), encoders.find(({ name }) => name === 'crossing')];
      return feed?.mood === 'happy' && encoder?.mood === 'happy' ? [feed.owner, encoder.owner] : null;
    });
    assert.deepEqual(owners, ['b', 'a']);
    for (const listener of listeners) await listener.stop();
    await eventually('both sleep', async () => (await feed('pinned'))?.mood === 'sleeping');
  });

  it('is the ingest that has less to do, and another at once when that one stops', async () => {
    const listeners = [await listen('/one'), await listen('/two')];
    const owners = await eventually('both run', async () => {
      const [one, two] = [await feed('one'), await feed('two')];
      return one?.mood === 'happy' && two?.mood === 'happy' ? [one.owner, two.owner] : null;
    });
    assert.deepEqual(owners, ['a', 'a']);
    await services.get('a')?.stop();
    await eventually('the other runs it', async () => {
      const one = await feed('one');
      return one?.owner === 'b' && one?.mood === 'happy';
    });
    const before = listeners[0]?.bytes() ?? 0;
    await eventually('media flows on', () => (listeners[0]?.bytes() ?? 0) > before);
    const [one, two] = await Promise.all(listeners.map((listener) => listener.stop()));
    assert.deepEqual([one?.ended, two?.ended], [false, false]);
    assert.ok((one?.silenceMillis ?? Infinity) < leaseMillis, `silent for ${one?.silenceMillis} ms`);
  });
});
