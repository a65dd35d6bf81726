import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { StampReader } from '../support/stamp.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const listeners = 100;
const stampsPerSecond = 25;
const warmUpSeconds = 3;
const seconds = 10;

test('latency: from the source through ingest, NATS and edge to a hundred listeners', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-latency-'));
  const file = join(folder, 'a.ts');
  const video = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25', '-t', '10', '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '900k', '-maxrate', '900k', '-bufsize', '900k', '-g', '50', '-bf', '0'];
  assert.equal(spawnSync('ffmpeg', ['-v', 'error', ...video, '-f', 'mpegts', '-muxrate', '1100k', file]).status, 0);
  const stamper = join(import.meta.dirname, '../support/programs/stamper.js');
  const configuration = await writeConfiguration({
    feeds: { stamped: { command: [process.execPath, stamper, file, '1000000', String(stampsPerSecond)] } },
    streams: { stamped: { feed: 'stamped', path: '/stamped.ts' } },
  });
  const nats = await NatsServer.start();
  const services = [
    new Weir(['ingest', '--nats', nats.url]),
    new Weir(['edge', '--nats', nats.url, '--listen', '127.0.0.1:0']),
    new Weir(['control', '--nats', nats.url, '-f', configuration.file, '--listen', '127.0.0.1:0']),
  ];
  try {
    const url = `${await services[1]?.url()}/stamped.ts`;
    await eventually('the configuration is there', async () => (await fetch(url, { method: 'HEAD' })).status === 200);
    const delays: number[] = [];
    const readers = Array.from({ length: listeners }, () => ({ stamps: 0, reader: new StampReader(), closed: false }));
    const requests = readers.map((each) => {
      const onDelay = (millis: number): unknown => ++each.stamps > warmUpSeconds * stampsPerSecond && delays.push(millis);
      return get(url, { agent: false }, (response) => response.on('data', (chunk: Buffer) => each.reader.read(chunk, onDelay)).once('close', () => (each.closed = true)));
    });
    const enough = (warmUpSeconds + seconds) * stampsPerSecond;
    await eventually('all have read for long enough', () => readers.every(({ stamps }) => stamps >= enough), 60_000).catch((error: unknown) => {
      const read = readers.map(({ stamps, reader, closed }) => `${stamps}/${reader.gaps}${closed ? ' closed' : ''}`);
      throw new Error(`stamps/gaps of each: ${read.join(', ')}\n${services.map(({ output }) => output).join('\n')}`, { cause: error });
    });
    for (const request of requests) request.destroy();
    delays.sort((a, b) => a - b);
    const percentile = (share: number): string => (delays[Math.floor(delays.length * share)] ?? NaN).toFixed(2);
    context.diagnostic(`added latency over NATS, ${listeners} listeners at 1 Mbit/s: p50 ${percentile(0.5)} ms, p90 ${percentile(0.9)} ms, p99 ${percentile(0.99)} ms (${delays.length} stamps)`);
    assert.equal(readers.reduce((gaps, { reader }) => gaps + reader.gaps, 0), 0);
  } finally {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await Promise.all([configuration.remove(), rm(folder, { recursive: true, force: true })]);
  }
});
