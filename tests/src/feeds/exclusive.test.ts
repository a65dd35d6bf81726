import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { processesWith } from '../support/processes.ts';
import { Weir } from '../support/weir.ts';

describe('a stream with an encoder for each listener', () => {
  const mark = newMark();
  const services: Weir[] = [];
  let nats: NatsServer;
  let edge: string;
  let remove: () => Promise<void>;
  before(async () => {
    nats = await NatsServer.start();
    const configuration = await writeConfiguration({
      feeds: { tone: { command: 'ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=440 -c:a libmp3lame -flush_packets 1 -f mp3 {out}' } },
      streams: { own: { feed: 'tone', client: 'exclusive', max_listeners: 2, encode: `ffmpeg -nostdin -v error -i {in} -metadata title=${mark} -c:a flac -flush_packets 1 -f flac {out}` } },
    });
    remove = configuration.remove;
    const start = (argv: readonly string[]): Weir => {
      const weir = new Weir([...argv, '--nats', nats.url]);
      services.push(weir);
      return weir;
    };
    start(['ingest']);
    await start(['control', '-f', configuration.file, '--listen', '127.0.0.1:0']).url();
    edge = await start(['edge', '--listen', '127.0.0.1:0']).url();
    await eventually('the configuration is there', async () => (await fetch(`${edge}/own`, { method: 'HEAD' })).status === 200);
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('runs as many as there are, each from its first byte, and refuses one more', async () => {
    const listeners = [new AbortController(), new AbortController()];
    const heads = await Promise.all(
      listeners.map(async ({ signal }) => {
        const response = await fetch(`${edge}/own`, { signal });
        const { value } = (await response.body?.getReader().read()) ?? {};
        return Buffer.from(value ?? []).subarray(0, 4).toString();
      }),
    );
    assert.deepEqual(heads, ['fLaC', 'fLaC']);
    assert.equal(processesWith(mark).length, 2);
    assert.equal((await fetch(`${edge}/own`)).status, 503);
    const { streams } = (await (await fetch(`${edge}/stat.json`)).json()) as { streams: { listeners: number; listenersTotal: number }[] };
    assert.deepEqual(streams.map(({ listeners: now, listenersTotal }) => [now, listenersTotal]), [[2, 2]]);
    listeners[0]?.abort();
    await eventually('one is left', () => processesWith(mark).length === 1);
    listeners[1]?.abort();
    await eventually('none is left', () => processesWith(mark).length === 0);
  });

  it('plays', async () => {
    const { code, complaints, audio } = await play(`${edge}/own`, 2);
    assert.deepEqual([code, complaints, audio > 10], [0, '', true]);
    await eventually('none is left', () => processesWith(mark).length === 0);
  });
});
