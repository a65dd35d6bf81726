import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { eventually } from '../support/eventually.ts';
import { selfSigned } from '../support/self-signed.ts';
import { splitAnswer } from '../support/raw-http.ts';
import { packetBytes, StampReader } from '../support/stamp.ts';
import { Weir } from '../support/weir.ts';

describe('listeners over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-stalled-'));
  const { cert, key } = selfSigned();
  let weir: Weir;
  let port: number;
  before(async () => {
    const file = join(folder, 'a.ts');
    const video = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-t', '2', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '12', '-bf', '0'];
    assert.equal(spawnSync('ffmpeg', ['-v', 'error', ...video, '-f', 'mpegts', file]).status, 0);
    const stamper = join(import.meta.dirname, '../support/programs/stamper.js');
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const configuration = {
      listen: '127.0.0.1:0',
      tls: { cert_file: 'cert.pem', key_file: 'key.pem' },
      feeds: { fast: { command: [process.execPath, stamper, file, '20000000', '25'], active: 'continuous' } },
      streams: { s: { feed: 'fast', path: '/s.ts', max_lag: '2s' }, brief: { feed: 'fast', path: '/brief.ts', max_duration: '4s' } },
    };
    writeFileSync(join(folder, 'weir.yml'), JSON.stringify(configuration));
    weir = new Weir(['up', '-f', join(folder, 'weir.yml')]);
    port = Number(new URL(await weir.url()).port);
  });
  after(async () => {
    await weir.stop('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const ask = (path = '/s.ts'): TLSSocket => {
    const socket = connect({ port, host: '127.0.0.1', ca: cert }, () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
    return socket.on('error', () => {});
  };
  const residentBytes = (): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${weir.process.pid}/status`, 'utf8'))?.[1]) * 1024;

  it('skip or are closed when they do not keep up, and cost nobody a frame nor the edge its memory', async () => {
    const stamps = new StampReader();
    let read = 0;
    const good = ask().on('data', (bytes: Buffer) => stamps.read(bytes, () => read++));
    await eventually('media flows', () => read > 50);
    const before = residentBytes();
    // It reads a quarter of what comes.
    const slow = ask();
    const parts: Buffer[] = [];
    slow.on('data', (bytes: Buffer) => {
      parts.push(bytes);
      slow.pause();
      setTimeout(() => slow.resume(), (bytes.length * 8 * 4000) / 20_000_000);
    });
    const stalled = Array.from({ length: 20 }, () => ask());
    // Their end is told while they read nothing.
    const brief = Array.from({ length: 2 }, () => ask('/brief.ts'));
    for (const socket of [...stalled, ...brief]) socket.once('secureConnect', () => socket.pause());
    await eventually('all that stall are closed', () => (weir.output.match(/ stalled\n/g) ?? []).length === stalled.length, 60_000);
    await eventually('who was ended cleanly and reads nothing is closed as well', () => (weir.output.match(/ limit\n/g) ?? []).length === brief.length, 30_000);
    const grown = residentBytes() - before;
    assert.ok(grown < 100e6, `grown by ${Math.round(grown / 1e6)} MB`);
    assert.equal(stamps.gaps, 0, weir.output.slice(-3000));
    assert.ok(read > 25 * 8, `${read} frames`);
    await eventually('the slow one has read past a skip', () => jumps(splitAnswer(Buffer.concat(parts)).body) > 0, 60_000);
    assert.equal(slow.destroyed, false, 'who reads slowly is not closed as one who reads nothing');
    for (const socket of [good, slow, ...stalled, ...brief]) socket.destroy();
  });
});

const stampPid = 0x1f0;

/** How often the number of the stamps jumps in whole packets. */
function jumps(media: Buffer): number {
  let count = 0;
  let last = -1;
  for (let at = 0; at + packetBytes <= media.length; at += packetBytes) {
    assert.equal(media[at], 0x47, `out of step at ${at}`);
    if (((((media[at + 1] ?? 0) & 0x1f) << 8) | (media[at + 2] ?? 0)) !== stampPid) continue;
    const stamp = Number(media.readBigUInt64LE(at + 28));
    if (last >= 0 && stamp !== last + 1) count++;
    last = stamp;
  }
  return count;
}
