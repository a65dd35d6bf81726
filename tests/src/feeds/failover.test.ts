import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { get } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const leaseSeconds = 5;
const listenersEach = 25;

/** What each ingest's own source plays, in Hz: by this it is heard who plays. */
const pitches: Readonly<Record<string, number>> = { a: 500, b: 2000 };

interface FleetFeed {
  readonly name: string;
  readonly owner: string;
  readonly mood: string;
}

describe('an ingest that dies or freezes', () => {
  const mark = newMark();
  let nats: NatsServer;
  let remove: () => Promise<void>;
  let control: string;
  let edges: readonly string[];
  const services: Weir[] = [];
  const ingests = new Map<string, Weir>();
  const start = (...argv: string[]): Weir => {
    const service = new Weir([...argv, '--nats', nats.url]);
    services.push(service);
    return service;
  };
  const startIngest = (instance: string): void => {
    const ingest = new Weir(['ingest', '--nats', nats.url, '--instance', instance], { environment: { PITCH: String(pitches[instance]) } });
    services.push(ingest);
    ingests.set(instance, ingest);
  };
  before(async () => {
    const script = `exec ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=$$PITCH:sample_rate=44100 -c:a libmp3lame -b:a 64k -metadata title=${mark} -flush_packets 1 -f mp3 -`;
    const configuration = await writeConfiguration({ feeds: { tone: { command: ['sh', '-c', script] } }, streams: { tone: { feed: 'tone' } } });
    remove = configuration.remove;
    nats = await NatsServer.start();
    control = await start('control', '-f', configuration.file, '--listen', '127.0.0.1:0').url();
    edges = await Promise.all([start('edge', '--listen', '127.0.0.1:0').url(), start('edge', '--listen', '127.0.0.1:0').url()]);
    for (const instance of Object.keys(pitches)) startIngest(instance);
    for (const edge of edges) await eventually('the configuration is there', async () => (await fetch(`${edge}/tone`, { method: 'HEAD' })).status === 200);
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  /** Who runs it, once it runs; another one than `not`. */
  const owner = (not?: string): Promise<string> =>
    eventually('it has an owner', async () => {
      const { feeds } = (await (await fetch(`${control}/stat.json`)).json()) as { feeds: readonly FleetFeed[] };
      const feed = feeds.find(({ name }) => name === 'tone');
      return feed?.mood === 'happy' && feed.owner !== not ? feed.owner : null;
    }, 20_000);

  const audience = async (): Promise<readonly StayingListener[]> => {
    const listeners = edges.flatMap((edge) => Array.from({ length: listenersEach }, () => StayingListener.listen(`${edge}/tone`)));
    await eventually('all hear something', () => listeners.every(({ bytes }) => bytes > 2000));
    for (const listener of listeners) listener.forget();
    return listeners;
  };

  it('killed: its listeners on every edge stay, and hear the source of another one within the lease and two seconds', async (t) => {
    const listeners = await audience();
    const first = await owner();
    const bytes = listeners.map((listener) => listener.bytes);
    ingests.get(first)?.process.kill('SIGKILL');
    await owner(first);
    await eventually('all hear something again', () => listeners.every((listener, index) => listener.bytes > (bytes[index] ?? 0) + 16_000), 20_000);
    const silences = listeners.map(({ silenceMillis }) => silenceMillis / 1000).sort((a, b) => a - b);
    t.diagnostic(`silence of ${listeners.length} listeners: ${silences[0]?.toFixed(1)} to ${silences.at(-1)?.toFixed(1)} s`);
    assert.deepEqual(listeners.filter(({ ended }) => ended), []);
    assert.ok((silences[0] ?? 0) > 1, 'nobody noticed: the wrong one was killed');
    assert.ok((silences.at(-1) ?? Infinity) < leaseSeconds + 2 + 5, `${silences.at(-1)} s`);
    await eventually('one source runs', () => processesWith(mark).length === 1);
    for (const listener of listeners) listener.leave();
    await eventually('none is left', () => processesWith(mark).length === 0);
    startIngest(first);
    await eventually('it is back', () => ingests.get(first)?.output.includes('configuration feeds='));
  });

  it('stopped, and let go on when another has taken over: nothing of it is heard any more, and its source ends', async () => {
    const listeners = await audience();
    const first = await owner();
    const stopped = ingests.get(first);
    stopped?.process.kill('SIGSTOP');
    const second = await owner(first);
    const recording = new Recording(`${edges[0]}/tone`);
    await eventually('it plays', () => recording.bytes.length > 8000);
    stopped?.process.kill('SIGCONT');
    await eventually('it knows', () => stopped?.output.includes('another ingest has taken over'));
    await eventually('one source runs', () => processesWith(mark).length === 1);
    await pause(1500);
    const heard = pitchesOf(recording.end());
    assert.ok(heard.length > 15 && heard.every((pitch) => Math.abs(pitch - (pitches[second] ?? 0)) < 150), `${first} stopped, ${second} plays: ${heard.join(' ')}`);
    assert.deepEqual(listeners.filter(({ ended }) => ended), []);
    assert.equal(await owner(first), second);
    for (const listener of listeners) listener.leave();
    await eventually('none is left', () => processesWith(mark).length === 0);
  });
});

/** What one listener is sent. */
class Recording {
  readonly #parts: Buffer[] = [];
  readonly #request: ReturnType<typeof get>;

  constructor(url: string) {
    this.#request = get(url, { agent: false }, (response) => response.on('data', (part: Buffer) => this.#parts.push(part)).on('error', () => {}));
    this.#request.on('error', () => {});
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  end(): Buffer {
    this.#request.destroy();
    return this.bytes;
  }
}

/** What is heard in each tenth of a second, in Hz, by counting how often the wave rises through zero; the ends of the recording left out. */
function pitchesOf(mp3: Buffer): readonly number[] {
  const rate = 16_000;
  const { stdout } = spawnSync('ffmpeg', ['-v', 'error', '-f', 'mp3', '-i', 'pipe:0', '-ac', '1', '-ar', String(rate), '-f', 's16le', 'pipe:1'], { input: mp3, maxBuffer: 1 << 28 });
  const samples = new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~1)));
  const span = rate / 10;
  const pitches: number[] = [];
  for (let start = 2 * span; start + 2 * span < samples.length; start += span) {
    let rises = 0;
    for (let at = start + 1; at <= start + span; at++) if ((samples[at - 1] ?? 0) < 0 && (samples[at] ?? 0) >= 0) rises++;
    pitches.push(rises * 10);
  }
  return pitches;
}
