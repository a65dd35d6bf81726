import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { eventually } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

interface Status {
  readonly listeners: number;
  readonly streams: readonly { readonly name: string; readonly mood: string; readonly listeners: number }[];
  readonly feeds: readonly { readonly name: string; readonly owner: string; readonly mood: string }[];
  readonly edges: readonly unknown[];
}

const isoMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const tone = (hertz: number): string => `ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=${hertz} -c:a libmp3lame -b:a 64k -flush_packets 1 -f mp3 {out}`;

describe('/stat.json', () => {
  const services = new Map<string, Weir>();
  const urls = new Map<string, string>();
  let nats: NatsServer;
  let remove: () => Promise<void>;
  let isValid: ValidateFunction;
  let listeners: StayingListener[] = [];
  const start = (name: string, ...argv: string[]): Weir => {
    const service = new Weir([...argv, '--nats', nats.url, '--instance', name]);
    services.set(name, service);
    return service;
  };
  before(async () => {
    const configuration = await writeConfiguration({
      feeds: { one: { command: tone(300) }, two: { command: tone(400) }, broken: { command: 'false', start_timeout: '1s' }, guests: { push: '/guests/*', source: 'open' } },
      streams: {
        ...Object.fromEntries(['one', 'two', 'broken'].map((feed) => [feed, { feed }])),
        aac: { feed: 'one', title: 'A "quoted" <title>', encode: 'ffmpeg -nostdin -v error -f mp3 -probesize 4096 -analyzeduration 0 -i {in} -c:a aac -flush_packets 1 -f adts {out}' },
        guests: { feed: 'guests', path: '/guests/*' },
      },
    });
    remove = configuration.remove;
    nats = await NatsServer.start();
    urls.set('control', await start('control', 'control', '-f', configuration.file, '--listen', '127.0.0.1:0').url());
    const schema = (await (await fetch(`${urls.get('control')}/stat.schema.json`)).json()) as object;
    isValid = new Ajv2020({ allErrors: true, allowUnionTypes: true }).addFormat('date-time', isoMoment).compile(schema);
  });
  after(async () => {
    for (const listener of listeners) listener.leave();
    await Promise.all([...services.values()].map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  /** As it is told, if it is what the schema says. */
  const statusOf = async (name: string): Promise<Status> => {
    const status: unknown = await (await fetch(`${urls.get(name)}/stat.json`)).json();
    assert.ok(isValid(status), JSON.stringify(isValid.errors?.slice(0, 3)));
    return status as Status;
  };

  it('is what its schema says while nothing runs', async () => {
    const { listeners: total, streams, edges } = await statusOf('control');
    assert.deepEqual([total, streams.map(({ mood }) => mood), edges.length], [0, ['sleeping', 'sleeping', 'sleeping', 'sleeping'], 0]);
  });

  it('counts each listener of two ingests and three edges once', async () => {
    for (const ingest of ['i1', 'i2']) start(ingest, 'ingest');
    const edges = ['e1', 'e2', 'e3'];
    await Promise.all(edges.map(async (edge) => urls.set(edge, await start(edge, 'edge', '--listen', '127.0.0.1:0').url())));
    for (const edge of edges) await eventually('the configuration is there', async () => (await fetch(`${urls.get(edge)}/one`, { method: 'HEAD' })).status === 200);
    await statusOf('e1');
    const listen = (edge: string, path: string, count: number): StayingListener[] => Array.from({ length: count }, () => StayingListener.listen(`${urls.get(edge)}${path}`));
    listeners = [...listen('e1', '/one', 5), ...listen('e2', '/two', 7), ...listen('e3', '/aac', 4), ...listen('e3', '/one', 3)];
    assert.equal((await fetch(`${urls.get('e1')}/broken`)).status, 503);
    await eventually('all hear something', () => listeners.every(({ bytes }) => bytes > 1000));
    const status = await eventually('all are counted', async () => {
      const now = await statusOf('control');
      return now.listeners === 19 ? now : null;
    }, 5000);
    assert.deepEqual(Object.fromEntries(status.streams.map(({ name, listeners: count }) => [name, count])), { one: 8, two: 7, aac: 4, broken: 0 });
    for (const edge of edges) await statusOf(edge);
  });

  it('counts those of an edge no more when it is killed', async () => {
    await services.get('e2')?.stop('SIGKILL');
    await eventually('twelve are left', async () => (await statusOf('control')).listeners === 12, 6000);
  });

  it('is what its schema says when an ingest is lost, and when another has taken over', async () => {
    const { owner } = (await statusOf('control')).feeds.find(({ name }) => name === 'one') ?? { owner: '' };
    await services.get(owner)?.stop('SIGKILL');
    await eventually('another one runs it', async () => {
      const feed = (await statusOf('control')).feeds.find(({ name }) => name === 'one');
      return feed?.owner !== owner && feed?.mood === 'happy';
    }, 20_000);
    assert.equal((await statusOf('control')).listeners, 12);
  });
});
