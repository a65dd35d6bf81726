import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const connections = 10_000;
const descriptorsMax = 20_000;

/** Each of those who say nothing: a socket of Node's own, as large again while it is answered and closed. */
const bytesEach = 40_000;

describe('ten thousand connections that say nothing', () => {
  let weir: Weir;
  let url: string;
  let idler: ChildProcess | null = null;
  let remove: () => Promise<void>;
  before(async () => {
    const ticking = { command: ['node', '-e', "setInterval(() => process.stdout.write('t'.repeat(64)), 20)"], format: 'raw', active: 'continuous' };
    const configuration = await writeConfiguration({ listen: '127.0.0.1:0', feeds: { ticking }, streams: { ticking: { feed: 'ticking', path: '/ticking.raw' } } });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file], { descriptorsMax });
    url = await weir.url();
  });
  after(async () => {
    idler?.kill('SIGKILL');
    await weir.stop('SIGKILL');
    await remove();
  });

  const residentBytes = (): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${weir.process.pid}/status`, 'utf8'))?.[1]) * 1024;
  const descriptors = (): number => readdirSync(`/proc/${weir.process.pid}/fd`).length;

  it('are all taken and closed again, and the listener beside them hears no gap', async (context) => {
    const listener = StayingListener.listen(`${url}/ticking.raw`);
    await eventually('the listener hears something', () => listener.bytes > 0);
    const bytesBefore = residentBytes();
    const program = join(import.meta.dirname, '../support/programs/idler.js');
    const { stdout } = (idler = spawn('prlimit', [`--nofile=${descriptorsMax}`, process.execPath, program, new URL(url).port, String(connections)], { stdio: ['pipe', 'pipe', 'inherit'] }));
    let open = 0;
    let were = 0;
    let openMax = 0;
    let bytesMax = 0;
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      [open = 0, were = 0] = (/open (\d+) were (\d+)\n$/.exec(text)?.slice(1) ?? [open, were]).map(Number);
      openMax = Math.max(openMax, open);
      bytesMax = Math.max(bytesMax, residentBytes());
    });
    listener.forget();
    await eventually('all were taken', () => were === connections, 120_000);
    await eventually('all are closed', () => open === 0 && descriptors() < 200, 60_000);
    context.diagnostic(`${openMax} at the same time, ${Math.round((bytesMax - bytesBefore) / openMax)} bytes each, ${Math.round(listener.silenceMillis)} ms without a sound`);
    assert.ok(bytesMax - bytesBefore < connections * bytesEach, `grown by ${Math.round((bytesMax - bytesBefore) / 1e6)} MB`);
    assert.equal(listener.ended, false);
    assert.ok(listener.silenceMillis < 5000, `${listener.silenceMillis} ms without a sound`);
    assert.equal((await fetch(`${url}/stat.json`)).status, 200);
    assert.doesNotMatch(weir.output, / error /);
    listener.leave();
  });
});
