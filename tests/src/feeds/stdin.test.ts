import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

describe('a feed from standard input that runs on demand', () => {
  let weir: Weir;
  let url: URL;
  let source: ChildProcess;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration({ listen: '127.0.0.1:0', feeds: { live: { file: '-' } }, streams: { live: { feed: 'live', path: '/live.mp3', start_timeout: '3s' } } });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file], { stdin: 'pipe' });
    const tone = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100', '-c:a', 'libmp3lame', '-b:a', '128k', '-flush_packets', '1', '-f', 'mp3', '-'];
    source = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...tone], { stdio: ['ignore', 'pipe', 'inherit'] });
    assert.ok(weir.process.stdin !== null);
    source.stdout?.pipe(weir.process.stdin);
    weir.process.stdin.on('error', () => {});
    url = new URL(await weir.url());
  });
  after(async () => {
    source.kill('SIGKILL');
    await weir.stop('SIGKILL');
    await remove();
  });

  const mood = async (): Promise<string | undefined> => ((await (await fetch(new URL('/stat.json', url))).json()) as { feeds: { mood: string }[] }).feeds[0]?.mood;

  /** Bytes that come in the first second, once any do. */
  async function listen(): Promise<number> {
    let bytes = 0;
    const socket = connect(Number(url.port), url.hostname, () => socket.write('GET /live.mp3 HTTP/1.0\r\n\r\n')).on('error', () => {});
    socket.on('data', (data) => (bytes += data.length));
    await eventually('it plays', () => bytes > 2000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    socket.destroy();
    return bytes;
  }

  it('plays again and again, and never what was on while nobody listened', async () => {
    for (let each = 0; each < 3; each++) {
      if (each > 0) await new Promise((resolve) => setTimeout(resolve, 4000));
      const bytes = await listen();
      // A second of it, and what the feed had before its first listener could be answered.
      assert.ok(each === 0 || bytes < 3 * 16_000, `${bytes}`);
      await eventually('it sleeps', async () => (await mood()) === 'sleeping');
    }
  });

  it('has ended when its input ended while it slept', async () => {
    source.kill('SIGKILL');
    weir.process.stdin?.end();
    await new Promise((resolve) => source.once('close', resolve));
    const answer = await fetch(new URL('/live.mp3', url));
    assert.equal(answer.status, 503);
    assert.match((await (await fetch(new URL('/stat.json', url))).text()), /end of standard input/);
  });

  it('lets weir stop', async () => {
    const { code, seconds } = await weir.stop();
    assert.ok(code === 0 && seconds < 10, `${code} after ${seconds} s: ${weir.output}`);
  });
});
