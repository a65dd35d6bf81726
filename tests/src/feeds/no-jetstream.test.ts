import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** Milliseconds a lease lives after its holder has died. */
const leaseMillis = 5000;

describe('a fleet on a NATS without JetStream', () => {
  const mark = newMark();
  const tone = { command: `ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=300 -metadata comment=${mark} -c:a libmp3lame -flush_packets 1 -f mp3 {out}` };
  const configuration = (...streams: string[]): object => ({ feeds: { tone }, streams: Object.fromEntries(streams.map((name) => [name, { feed: 'tone' }])) });
  const services = new Map<string, Weir>();
  let nats: NatsServer;
  let file: string;
  let remove: () => Promise<void>;
  let control: string;
  let edge: string;
  let laterEdge: string;
  let listener: StayingListener;

  const start = (instance: string, ...argv: string[]): Weir => {
    const service = new Weir([...argv, '--nats', nats.url, '--instance', instance]);
    services.set(instance, service);
    return service;
  };
  const startControl = (): Promise<string> => start('control', 'control', '-f', file, '--listen', '127.0.0.1:0').url();
  const warnings = ({ output }: Weir): number => output.split('has no JetStream').length - 1;
  const serves = async (url: string, stream: string): Promise<boolean> => (await fetch(`${url}/${stream}`, { method: 'HEAD' })).status === 200;
  const mediaFlows = async (): Promise<void> => {
    const { bytes } = listener;
    await eventually('media flows', () => listener.bytes > bytes + 10_000);
    assert.equal(listener.ended, false);
  };

  before(async () => {
    ({ file, remove } = await writeConfiguration(configuration('tone')));
    nats = await NatsServer.start({ jetStream: false });
    start('a', 'ingest');
    start('b', 'ingest');
    [edge, control] = await Promise.all([start('edge', 'edge', '--listen', '127.0.0.1:0').url(), startControl()]);
    await eventually('the configuration is there', () => serves(edge, 'tone'));
  });
  after(async () => {
    await Promise.all([...services.values()].map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('says in each process what is lost', async () => {
    await eventually('all have said it', () => [...services.values()].every((service) => warnings(service) > 0));
  });

  it('runs a source on one of two ingests', async () => {
    listener = StayingListener.listen(`${edge}/tone`);
    await eventually('media comes', () => listener.bytes > 0);
    for (let look = 0; look < 10; look++) {
      assert.equal(processesWith(mark).length, 1);
      await pause(100);
    }
    const { code, complaints, audio } = await play(`${edge}/tone`, 1);
    assert.deepEqual([code, complaints, audio > 20], [0, '', true]);
  });

  it('runs it on while NATS restarts', async () => {
    const pids = processesWith(mark);
    await nats.kill();
    await pause(1000);
    await nats.resume();
    await mediaFlows();
    await pause(2000);
    assert.deepEqual(processesWith(mark), pids);
    await mediaFlows();
  });

  it('runs it on the other ingest when the one is killed, and the listener stays', async () => {
    const [source] = processesWith(mark);
    const owner = await eventually('control knows who runs it', async () => {
      const { feeds } = (await (await fetch(`${control}/stat.json`)).json()) as { feeds: { name: string; owner: string | null }[] };
      return feeds.find(({ name }) => name === 'tone')?.owner;
    });
    listener.forget();
    assert.equal((await services.get(owner)?.stop('SIGKILL'))?.signal, 'SIGKILL');
    await eventually('another runs', () => processesWith(mark).some((pid) => pid !== source));
    await mediaFlows();
    assert.equal(processesWith(mark).length, 1);
    assert.ok(listener.silenceMillis > 1000 && listener.silenceMillis < 3 * leaseMillis, `silent for ${listener.silenceMillis} ms`);
  });

  it('gives the configuration to an edge that comes while control is away', async () => {
    await services.get('control')?.stop('SIGKILL');
    laterEdge = await start('later', 'edge', '--listen', '127.0.0.1:0').url();
    await eventually('it has it', () => serves(laterEdge, 'tone'));
  });

  it('gives everybody what changed while control was away, and what changes later', async () => {
    await writeFile(file, JSON.stringify(configuration('tone', 'second')));
    await startControl();
    await eventually('both serve it', async () => (await serves(edge, 'second')) && serves(laterEdge, 'second'));
    await writeFile(file, JSON.stringify(configuration('tone', 'second', 'third')));
    services.get('control')?.process.kill('SIGHUP');
    await eventually('both serve that too', async () => (await serves(edge, 'third')) && serves(laterEdge, 'third'));
    const { code, complaints } = await play(`${laterEdge}/third`, 1);
    assert.deepEqual([code, complaints, processesWith(mark).length], [0, '', 1]);
    await mediaFlows();
    listener.leave();
  });

  it('has said it once in each process', () => {
    for (const [instance, service] of services) assert.equal(warnings(service), 1, `${instance}:\n${service.output}`);
  });
});
