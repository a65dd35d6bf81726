import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { play } from '../support/player.ts';
import { processesWith } from '../support/processes.ts';
import { newMark } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100', '-c:a', 'libmp3lame', '-b:a', '96k', '-f', 'mp3'];

describe('weir serve', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-serve-'));
    file = join(folder, 'tone.mp3');
    assert.equal(spawnSync('ffmpeg', ['-v', 'error', ...tone, '-t', '3', file]).status, 0);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('serves a command at /, recognised, on a free port, with /stat beside it', async () => {
    const mark = newMark();
    const weir = new Weir(['serve', '--listen', '127.0.0.1:0', '--', 'ffmpeg', '-v', 'error', '-re', ...tone, '-metadata', `comment=${mark} {literal}`, '-flush_packets', '1', '-']);
    const url = await weir.url();
    assert.notEqual(new URL(url).port, '0');
    const response = await fetch(`${url}/`);
    assert.equal(response.headers.get('content-type'), 'audio/mpeg');
    await response.body?.cancel();
    const playback = await play(`${url}/`, 2);
    assert.deepEqual([playback.code, playback.complaints], [0, '']);
    assert.equal((await fetch(`${url}/stat`)).status, 200);
    assert.equal(((await (await fetch(`${url}/stat.json`)).json()) as { feeds: { format: string }[] }).feeds[0]?.format, 'mp3');
    assert.equal((await weir.stop()).code, 0);
    assert.deepEqual(processesWith(mark), []);
  });

  it('serves standard input and ends with it, after the last byte', async () => {
    const source = spawn('ffmpeg', ['-v', 'error', '-re', ...tone, '-t', '4', '-flush_packets', '1', '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const weir = new Weir(['serve', '-', '--listen', '127.0.0.1:0'], { stdin: 'pipe' });
    assert.ok(weir.process.stdin !== null);
    source.stdout.pipe(weir.process.stdin);
    const response = await fetch(`${await weir.url()}/`);
    const bytes = (await response.arrayBuffer()).byteLength;
    assert.ok(bytes > 20_000, `${bytes} bytes`);
    assert.equal((await weir.exited).code, 0);
  });

  it('serves a file at the pace of its time stamps, whole, and ends with it', async () => {
    const weir = new Weir(['serve', file, '--listen', '127.0.0.1:0']);
    const started = performance.now();
    const response = await fetch(`${await weir.url()}/`);
    const bytes = (await response.arrayBuffer()).byteLength;
    const seconds = (performance.now() - started) / 1000;
    assert.ok(seconds > 2 && seconds < 30, `${seconds} s for 3 s of media`);
    assert.ok(bytes > 35_000, `${bytes} bytes`);
    assert.equal((await weir.exited).code, 0);
  });

  it('serves a FIFO, from one writer after the other, and stops while it waits for the next', async () => {
    const fifo = join(folder, 'fifo');
    assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
    const weir = new Weir(['serve', fifo, '--listen', '127.0.0.1:0']);
    const url = await weir.url();
    const response = fetch(`${url}/`);
    const write = async (): Promise<void> => {
      const writer = spawn('ffmpeg', ['-v', 'error', '-y', '-re', ...tone, '-t', '2', '-flush_packets', '1', fifo], { stdio: 'ignore' });
      await new Promise((resolve) => writer.once('close', resolve));
    };
    await write();
    let bytes = 0;
    let ended = false;
    const reader = (await response).body?.getReader();
    assert.ok(reader !== undefined);
    const reading = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        bytes += value.length;
      }
      ended = true;
    })();
    await eventually('the first writer is heard', () => bytes > 15_000);
    const before = bytes;
    await write();
    await eventually('the second writer is heard', () => bytes > before + 15_000);
    assert.equal(ended, false);
    const end = await weir.stop();
    assert.deepEqual([end.code, end.seconds < 2], [0, true]);
    await reading.catch(() => null);
  });
});
