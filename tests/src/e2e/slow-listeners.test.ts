import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { splitAnswer } from '../support/raw-http.ts';
import { packetBytes, StampReader } from '../support/stamp.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const bitsPerSecond = 40_000_000;

describe('slow listeners', () => {
  let folder: string;
  let weir: Weir;
  let url: URL;
  let health: string;
  let remove: () => Promise<void>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-slow-'));
    const file = join(folder, 'a.ts');
    const video = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25', '-t', '4', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-b:v', '20M', '-g', '12', '-bf', '0'];
    assert.equal(spawnSync('ffmpeg', ['-v', 'error', ...video, '-f', 'mpegts', file]).status, 0);
    const stamper = join(import.meta.dirname, '../support/programs/stamper.js');
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: { fast: { command: [process.execPath, stamper, file, String(bitsPerSecond), '25'], active: 'continuous' } },
      streams: {
        stall: { feed: 'fast', path: '/stall.ts', max_lag: '2s' },
        skip: { feed: 'fast', path: '/skip.ts', max_lag: '2s' },
        end: { feed: 'fast', path: '/end.ts', max_lag: '2s', slow: 'disconnect' },
      },
    });
    remove = configuration.remove;
    health = `127.0.0.1:${await freePort()}`;
    weir = new Weir(['up', '-f', configuration.file, '--health', health]);
    url = new URL(await weir.url());
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
    await rm(folder, { recursive: true, force: true });
  });

  function ask(path: string): Socket {
    const socket = connect(Number(url.port), url.hostname, () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
    socket.on('error', () => {});
    return socket;
  }

  const residentBytes = (): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${weir.process.pid}/status`, 'utf8'))?.[1]) * 1024;

  it('are closed when they read nothing, and cost nobody else a frame nor the edge its memory', async () => {
    const stamps = new StampReader();
    let read = 0;
    const good = ask('/stall.ts').on('data', (bytes: Buffer) => stamps.read(bytes, () => read++));
    await eventually('media flows', () => read > 25);
    const before = residentBytes();
    const stalled = Array.from({ length: 20 }, () => ask('/stall.ts').pause());
    const told = async (metric: string): Promise<number> => Number(new RegExp(`^weir_edge_${metric}\\{stream="stall"\\} (\\S+)$`, 'm').exec(await (await fetch(`http://${health}/metrics`)).text())?.[1]);
    await eventually('they are counted as behind, and the good one is not', async () => (await told('listeners_behind')) === stalled.length);
    // It is all in one process.
    assert.ok((await told('source_delay_seconds')) < 1);
    await eventually('all are closed', () => (weir.output.match(/ stalled\n/g) ?? []).length === stalled.length, 40_000);
    const grown = residentBytes() - before;
    assert.ok(grown < 150e6, `grown by ${Math.round(grown / 1e6)} MB`);
    const seconds = read / 25;
    assert.ok(seconds > 8, `${seconds} s of media`);
    assert.equal(stamps.gaps, 0, weir.output.slice(-3000));
    good.destroy();
    for (const socket of stalled) socket.destroy();
  });

  it('skip to a random access frame when they fall behind, and go on from there', async () => {
    const socket = ask('/skip.ts');
    const parts: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => {
      parts.push(bytes);
      // Half of what comes, in turns of reading and not reading.
      socket.pause();
      setTimeout(() => socket.resume(), (bytes.length * 8 * 2000) / bitsPerSecond);
    });
    await eventually('it has skipped twice', async () => {
      const { streams } = (await (await fetch(`${url.origin}/stat.json`)).json()) as { streams: { name: string; skips: number }[] };
      return (streams.find(({ name }) => name === 'skip')?.skips ?? 0) >= 2;
    }, 60_000);
    await pause(3000);
    socket.destroy();
    const media = splitAnswer(Buffer.concat(parts)).body;
    assert.ok(splices(media) >= 1, 'the client has read past a skip');
  });

  it('are closed when the stream says so', async () => {
    const socket = ask('/end.ts');
    socket.once('readable', () => {});
    await eventually('it is closed as slow', () => / slow\n/.test(weir.output), 40_000);
    socket.destroy();
  });
});

const videoPid = 0x100;
const stampPid = 0x1f0;

/**
 * Counts the jumps of the stamps' numbers. Wherever the video's continuity counter jumps, a random access frame must begin: at a
 * skip, where a packet without payload tells of the jump, and where the stamper's file starts over.
 */
function splices(media: Buffer): number {
  let count = 0;
  let lastStamp = -1;
  let lastCounter = -1;
  let told = false;
  for (let at = 0; at + packetBytes <= media.length; at += packetBytes) {
    assert.equal(media[at], 0x47, `out of step at ${at}`);
    const pid = (((media[at + 1] ?? 0) & 0x1f) << 8) | (media[at + 2] ?? 0);
    if (pid === stampPid) {
      const stamp = Number(media.readBigUInt64LE(at + 28));
      if (lastStamp >= 0 && stamp !== lastStamp + 1) count++;
      lastStamp = stamp;
    } else if (pid === videoPid) {
      const counter = (media[at + 3] ?? 0) & 15;
      const startsUnit = ((media[at + 1] ?? 0) & 0x40) !== 0;
      const hasPayload = ((media[at + 3] ?? 0) & 0x10) !== 0;
      const adaptation = ((media[at + 3] ?? 0) & 0x20) !== 0 ? (media[at + 5] ?? 0) : 0;
      const jumps = lastCounter >= 0 && counter !== ((lastCounter + 1) & 15);
      if (hasPayload && (told || jumps)) assert.ok(startsUnit && (adaptation & 0x40) !== 0, `at ${at} the video goes on amid a picture`);
      if (hasPayload && told) assert.ok(!jumps, `at ${at} the counter is not the one that was told`);
      told = !hasPayload && (adaptation & 0x80) !== 0;
      lastCounter = counter;
    }
  }
  return count;
}
