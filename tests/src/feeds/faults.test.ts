import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { processesWith } from '../support/processes.ts';
import { randomOf } from '../support/random.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

interface Producer {
  readonly name: string;
  readonly mood: string;
  readonly lastError: string | null;
  readonly pid: number | null;
  readonly restarts: number;
}

const tone = (mark: string): string => `ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=440 -c:a libmp3lame -b:a 64k -metadata title=${mark} -flush_packets 1 -f mp3 {out}`;

async function producers(url: string): Promise<Map<string, Producer>> {
  const { feeds, encoders } = (await (await fetch(`${url}/stat.json`)).json()) as Record<'feeds' | 'encoders', readonly Producer[]>;
  return new Map([...feeds, ...encoders].map((each) => [each.name, each]));
}

describe('a command that dies or freezes', () => {
  const mark = newMark();
  const names = ['one', 'two', 'three'];
  const listenersEach = 4;
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    // So many faults at once, of a feed and of what reads it, may take longer to get over than listeners are kept by default.
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: Object.fromEntries(names.slice(0, 2).map((name) => [name, { command: tone(mark), stall: '1s', grace: '5m' }])),
      streams: {
        ...Object.fromEntries(names.slice(0, 2).map((name) => [name, { feed: name }])),
        three: { feed: 'one', stall: '1s', encode: `ffmpeg -nostdin -v error -f mp3 -probesize 4096 -analyzeduration 0 -i {in} -c:a aac -metadata title=${mark} -flush_packets 1 -f adts {out}` },
      },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  it('is replaced, however often: who listens stays connected, and no process is left over', async (t) => {
    const seed = Date.now() % 100_000;
    t.diagnostic(`seed ${seed}`);
    const random = randomOf(seed);
    const listeners = names.flatMap((name) => Array.from({ length: listenersEach }, () => StayingListener.listen(`${url}/${name}`)));
    await eventually('all hear something', () => listeners.every(({ bytes }) => bytes > 2000));
    for (let round = 0; round < 20; round++) {
      const pids = [...(await producers(url)).values()].flatMap(({ pid }) => pid ?? []);
      const pid = pids[Math.floor(random() * pids.length)];
      if (pid !== undefined) kill(pid, random() < 0.5 ? 'SIGSTOP' : 'SIGKILL');
      await pause(random() * 600);
    }
    const before = listeners.map(({ bytes }) => bytes);
    try {
      await eventually('all hear something again', () => listeners.every(({ bytes }, index) => bytes > (before[index] ?? 0) + 16_000), 120_000);
    } catch (error) {
      throw new Error(`${JSON.stringify([...(await producers(url)).values()], null, 1)}\n${weir.output.slice(-6000)}`, { cause: error });
    }
    assert.deepEqual(listeners.filter(({ ended }) => ended), []);
    const silences = listeners.map(({ silenceMillis }) => silenceMillis / 1000).sort((a, b) => a - b);
    t.diagnostic(`longest silence of a listener: ${silences[0]?.toFixed(1)} to ${silences.at(-1)?.toFixed(1)} s`);
    const running = await producers(url);
    t.diagnostic(`restarts: ${[...running].map(([name, { restarts }]) => `${name} ${restarts}`).join(', ')}`);
    await eventually('each runs once', () => processesWith(mark).length === names.length);
    for (const listener of listeners) listener.leave();
    await eventually('none is left', () => processesWith(mark).length === 0);
  });
});

const pageMibibytes = 1 / 256;
const residentMibibytes = (pid: number): number => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageMibibytes;

/** What a command does, and what is told of it. */
const ends: readonly { name: string; script: string; says: RegExp }[] = [
  { name: 'exits with 1', script: 'echo no such camera >&2; exit 1', says: /exited with code 1 .*: no such camera/ },
  { name: 'exits with 0', script: 'exit 0', says: /exited with code 0/ },
  { name: 'is ended by a signal', script: 'kill -SEGV $$$$', says: /SIGSEGV/ },
  { name: 'closes its output but lives', script: 'exec >&-; exec sleep 1000', says: /output/ },
  { name: 'says nothing', script: 'exec sleep 1000', says: /no media for 5 s/ },
  { name: 'ignores SIGTERM and says nothing', script: 'trap "" TERM; while :; do sleep 1000; done', says: /no media for 5 s/ },
  { name: 'writes the same moment again and again', script: 'while :; do cat "$$0"; sleep 0.1; done', says: /no media for 5 s/ },
  { name: 'leaves a child that holds its output', script: 'sleep 1000 & exit 3', says: /exited with code 3/ },
  { name: 'floods its standard error', script: 'yes "no such camera" | head -c 200000000 >&2; exit 4', says: /exited with code 4 .*: no/ },
];

describe('a command that dies with its first bytes, after it has run well', () => {
  it('is no other format for that: its listeners stay', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-runs-'));
    const tones = (options: string): string => `ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=440 ${options} -c:a libmp3lame -b:a 64k -flush_packets 1 -f mp3 -`;
    // The second and third run give part of a tag, and what no player knows.
    const script = `echo run >> ${folder}/runs; case $$(wc -l < ${folder}/runs) in 1) ${tones('-t 2')}; exit 1;; 2) printf ID3abc; exit 1;; 3) head -c 300000 /dev/zero; exit 1;; *) exec ${tones('')};; esac`;
    const configuration = await writeConfiguration({ listen: '127.0.0.1:0', feeds: { tone: { command: ['sh', '-c', script] } }, streams: { tone: { feed: 'tone' } } });
    const weir = new Weir(['up', '-f', configuration.file]);
    const url = await weir.url();
    const listener = StayingListener.listen(`${url}/tone`);
    await eventually('the first run has ended', async () => ((await producers(url)).get('tone')?.restarts ?? 0) > 0);
    const { bytes } = listener;
    await eventually('it hears the fourth run', () => listener.bytes > bytes + 20_000);
    assert.equal(listener.ended, false, weir.output);
    assert.equal(readFileSync(join(folder, 'runs'), 'utf8').split('\n').length - 1, 4);
    listener.leave();
    await weir.stop();
    await configuration.remove();
    await rm(folder, { recursive: true });
  });
});

describe('a command that', () => {
  const mark = newMark();
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: Object.fromEntries(ends.map(({ script }, index) => [`f${index}`, { command: ['sh', '-c', script, `/dev/null`, mark], format: 'mp3', stall: '1s', active: 'continuous' }])),
      streams: Object.fromEntries(ends.map((_, index) => [`f${index}`, { feed: `f${index}` }])),
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  for (const [index, { name, says }] of ends.entries()) {
    it(`${name} is started again, and why is told`, async () => {
      const told = await eventually(`it is told: ${says}`, async () => {
        const feed = (await producers(url)).get(`f${index}`);
        return feed !== undefined && feed.restarts > 0 && says.test(feed.lastError ?? '') ? feed : null;
      });
      assert.ok(told.restarts > 0);
    });
  }

  it('does any of this costs neither memory nor log, and leaves no process', async (t) => {
    const resident = residentMibibytes(weir.process.pid ?? 0);
    t.diagnostic(`resident ${resident.toFixed(0)} MiB, log ${(weir.output.length / 1024).toFixed(0)} KiB`);
    assert.ok(resident < 400 && weir.output.length < 1024 * 1024);
    await weir.stop();
    assert.deepEqual(processesWith(mark), []);
  });
});

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just been replaced.
  }
}
