import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { processesWith } from '../support/processes.ts';
import { StampReader } from '../support/stamp.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const stampsPerSecond = 25;

describe('a stamped stream over NATS', () => {
  const mark = newMark();
  let folder: string;
  let nats: NatsServer;
  let ingests: Weir[];
  let edge: Weir;
  let control: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-outage-'));
    const file = join(folder, `${mark}.ts`);
    const video = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-t', '20', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-b:v', '800k', '-g', '25', '-bf', '0'];
    assert.equal(spawnSync('ffmpeg', ['-v', 'error', ...video, '-f', 'mpegts', file]).status, 0);
    const stamper = join(import.meta.dirname, '../support/programs/stamper.js');
    const configuration = await writeConfiguration({
      feeds: { stamped: { command: [process.execPath, stamper, file, '1000000', String(stampsPerSecond)] } },
      streams: { stamped: { feed: 'stamped', path: '/stamped.ts' } },
    });
    remove = configuration.remove;
    nats = await NatsServer.start();
    const common = ['--nats', nats.url];
    ingests = [new Weir(['ingest', ...common, '--instance', 'one'])];
    edge = new Weir(['edge', ...common, '--listen', '127.0.0.1:0']);
    control = new Weir(['control', ...common, '-f', configuration.file, '--listen', '127.0.0.1:0']);
    url = `${await edge.url()}/stamped.ts`;
    await eventually('the configuration is there', async () => (await fetch(url, { method: 'HEAD' })).status === 200);
  });
  after(async () => {
    await Promise.all([...ingests, edge, control].map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await Promise.all([remove(), rm(folder, { recursive: true, force: true })]);
  });

  it('loses nothing while NATS restarts: what was missed is asked for', async () => {
    const stamps = new StampReader();
    let count = 0;
    let ended = false;
    const request = get(url, { agent: false }, (response) => {
      response.on('data', (bytes: Buffer) => stamps.read(bytes, () => count++)).on('close', () => (ended = true));
    });
    request.on('error', () => {});
    await eventually('media flows', () => count > 2 * stampsPerSecond);
    const started = performance.now();
    const before = count;
    await nats.kill();
    await pause(2000);
    await nats.resume();
    await eventually('all that was missed is there', () => count - before > ((performance.now() - started) / 1000 - 0.5) * stampsPerSecond, 20_000);
    assert.deepEqual([ended, stamps.gaps], [false, 0]);
    assert.equal(processesWith(`${mark}.ts`).length, 1);
    request.destroy();
  });

  it('goes on from another ingest when its own is killed, and the listener stays', async () => {
    ingests.push(new Weir(['ingest', '--nats', nats.url, '--instance', 'two']));
    await eventually('the other is ready', () => / configuration feeds=/.test(ingests[1]?.output ?? ''));
    let count = 0;
    let ended = false;
    let last = performance.now();
    let silence = 0;
    const stamps = new StampReader();
    const request = get(url, { agent: false }, (response) => {
      response
        .on('data', (bytes: Buffer) => {
          stamps.read(bytes, () => count++);
          silence = Math.max(silence, performance.now() - last);
          last = performance.now();
        })
        .on('close', () => (ended = true));
    });
    request.on('error', () => {});
    await eventually('media flows', () => count > 2 * stampsPerSecond);
    silence = 0;
    const owner = /feed stamped: waking/.test(ingests[1]?.output ?? '') ? 1 : 0;
    // Its process dies with it: a feed writes into a pipe that nobody reads.
    await ingests[owner]?.stop('SIGKILL');
    const before = count;
    await eventually('media flows again', () => count > before + 2 * stampsPerSecond, 30_000);
    assert.equal(ended, false);
    await eventually('one process is left', () => processesWith(`${mark}.ts`).length === 1);
    // The lease lives 5 s, the standby asks once a second, edges repeat their demand every two.
    assert.ok(silence < 30_000, `${silence} ms of silence`);
    console.log(`silence after the owner was killed: ${(silence / 1000).toFixed(1)} s`);
    request.destroy();
  });
});
