import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const ffmpeg = ['-nostdin', '-v', 'error'];
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0'];

interface Status {
  readonly feeds: readonly { readonly name: string; readonly mood: string; readonly owner: string }[];
}

describe('a pushed source', () => {
  let folder: string;
  let file: string;
  let weir: Weir;
  let url: string;
  let host: string;
  let remove: () => Promise<void>;
  const sources: ChildProcess[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-push-'));
    file = join(folder, 'tone.mp3');
    assert.equal(spawnSync('ffmpeg', [...ffmpeg, ...tone, '-t', '60', '-f', 'mp3', file]).status, 0);
    const jingle = join(folder, 'jingle.mp3');
    assert.equal(spawnSync('ffmpeg', [...ffmpeg, '-f', 'lavfi', '-i', 'sine=frequency=880', ...tone.slice(4), '-t', '5', '-f', 'mp3', jingle]).status, 0);
    const source = { password: 'hackme' };
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: {
        studio: { push: '/studio.mp3', source, grace: '3s', start_timeout: '2s' },
        taken: { push: '/taken.mp3', source, takeover: true },
        open: { push: '/open.ts', source: 'open' },
      },
      streams: {
        studio: { feed: 'studio', path: '/radio.mp3' },
        safe: { feed: 'studio', path: '/safe.mp3', fallback: [jingle] },
        taken: { feed: 'taken' },
        open: { feed: 'open' },
      },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
    host = new URL(url).host;
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) source.kill('SIGKILL');
    await eventually('nobody pushes', async () => (await moods()).every((mood) => mood === 'sleeping'));
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
    await rm(folder, { recursive: true, force: true });
  });

  const moods = async (): Promise<string[]> => ((await (await fetch(`${url}/stat.json`)).json()) as Status).feeds.filter(({ name }) => !name.includes('fallback')).map(({ mood }) => mood);
  const push = (program: string, argv: readonly string[]): ChildProcess => {
    const source = spawn(program, [...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    sources.push(source);
    return source;
  };
  const live = (path: string): string[] => [...ffmpeg, '-re', ...tone, '-f', 'mp3', '-content_type', 'audio/mpeg', `icecast://source:hackme@${host}${path}`];
  const isOn = (): Promise<unknown> => eventually('the source is on', async () => (await moods()).includes('happy'));

  for (const { name, program, argv } of [
    { name: 'ffmpeg, by PUT', program: 'ffmpeg', argv: () => live('/studio.mp3') },
    { name: 'ffmpeg, by SOURCE', program: 'ffmpeg', argv: () => [...live('/studio.mp3').slice(0, -1), '-legacy_icecast', '1', `icecast://source:hackme@${host}/studio.mp3`] },
    { name: 'curl, in chunks', program: 'curl', argv: () => ['-sS', '--limit-rate', '16k', '-H', 'Content-Type: audio/mpeg', '-u', 'source:hackme', '-H', 'Transfer-Encoding: chunked', '-T', file, `${url}/studio.mp3`] },
    { name: 'curl, with a length', program: 'curl', argv: () => ['-sS', '--limit-rate', '16k', '-u', 'source:hackme', '-T', file, `${url}/studio.mp3`] },
    { name: 'ezstream, which is libshout', program: 'ezstream', argv: () => ['-c', join(folder, 'ezstream.xml')] },
  ]) {
    it(`plays what comes from ${name}`, async () => {
      await writeFile(join(folder, 'ezstream.xml'), ezstream(new URL(url), file));
      await chmod(join(folder, 'ezstream.xml'), 0o600);
      push(program, argv());
      await isOn();
      const { code, complaints, audio } = await play(`${url}/radio.mp3`, 2);
      assert.deepEqual([code, complaints, audio > 30], [0, '', true], weir.output.slice(-1500));
    });
  }

  it('plays a transport stream that ffmpeg posts, from anybody where that is allowed', async () => {
    const camera = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=192x108:rate=25', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '12'];
    push('ffmpeg', [...ffmpeg, ...camera, '-f', 'mpegts', `${url}/open.ts`]);
    await isOn();
    const { code, complaints, video } = await play(`${url}/open`, 2);
    assert.deepEqual([code, complaints, video > 30], [0, '', true]);
  });

  it('is asked for its password, and refused where another one is', async () => {
    const put = (path: string, password: string): { status: string; text: string } => {
      const argv = ['-sS', '-i', '-w', '\n%{http_code}', '-H', 'Content-Type: audio/mpeg', '-u', `source:${password}`, '-T', file, `${url}${path}`];
      const text = spawnSync('curl', argv, { encoding: 'latin1' }).stdout;
      return { status: text.slice(-3), text };
    };
    const wrong = put('/studio.mp3', 'guess');
    assert.equal(wrong.status, '401');
    assert.match(wrong.text, /^WWW-Authenticate: Basic realm=/im);
    assert.equal(put('/no-such-feed.mp3', 'hackme').status, '404');
    push('ffmpeg', live('/studio.mp3'));
    await isOn();
    const second = put('/studio.mp3', 'hackme');
    assert.equal(second.status, '409');
    assert.match(second.text, /Mountpoint in use/);
    assert.doesNotMatch(weir.output, /hackme|guess/);
  });

  it('takes the place of another one where that is allowed', async () => {
    const first = push('ffmpeg', live('/taken.mp3'));
    const ended = new Promise((resolve) => first.once('exit', resolve));
    await isOn();
    push('ffmpeg', live('/taken.mp3'));
    await ended;
    const { code, complaints, audio } = await play(`${url}/taken`, 2);
    assert.deepEqual([code, complaints, audio > 30], [0, '', true]);
  });

  it('tells what is on by /admin/metadata', async () => {
    push('ffmpeg', live('/studio.mp3'));
    await isOn();
    const response = await fetch(`${url}/radio.mp3`, { headers: { 'Icy-MetaData': '1' } });
    const song = encodeURIComponent('Nina Simone - Sinnerman');
    const update = (password: string): Promise<Response> => fetch(`${url}/admin/metadata?mode=updinfo&mount=/studio.mp3&song=${song}`, { headers: { Authorization: `Basic ${btoa(`source:${password}`)}` } });
    assert.equal((await update('guess')).status, 401);
    const answer = await update('hackme');
    assert.deepEqual([answer.status, /<return>1<\/return>/.test(await answer.text())], [200, true]);
    const reader = response.body?.getReader();
    let text = '';
    const deadline = performance.now() + 15_000;
    while (!text.includes("StreamTitle='Nina Simone - Sinnerman';") && performance.now() < deadline) text += Buffer.from((await reader?.read())?.value ?? []).toString('latin1');
    assert.ok(text.includes("StreamTitle='Nina Simone - Sinnerman';"));
    await reader?.cancel();
  });

  it('may go and come back while its listeners stay, for as long as grace says', async () => {
    const first = push('ffmpeg', live('/studio.mp3'));
    await isOn();
    const response = await fetch(`${url}/radio.mp3`);
    let bytes = 0;
    let ended = false;
    const reading = (async () => {
      for await (const part of response.body ?? []) bytes += (part as Uint8Array).length;
      ended = true;
    })();
    await eventually('media flows', () => bytes > 5000);
    first.kill('SIGKILL');
    await pause(1000);
    const before = bytes;
    const second = push('ffmpeg', live('/studio.mp3'));
    await eventually('media flows again', () => bytes > before + 10_000);
    assert.equal(ended, false);
    second.kill('SIGKILL');
    await eventually('the listener is closed', () => ended, 15_000);
    await reading;
    assert.equal((await fetch(`${url}/radio.mp3`)).status, 503);
  });

  it('is replaced by a file while it is away, and takes its place back', async () => {
    const response = await fetch(`${url}/safe.mp3`);
    assert.equal(response.status, 200);
    const reader = response.body?.getReader();
    const parts: Uint8Array[] = [];
    let stop = false;
    const reading = (async () => {
      while (!stop) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return;
        parts.push(value as Uint8Array);
      }
    })();
    const heard = (): Promise<string> => Promise.resolve(pitchOf(Buffer.concat(parts).subarray(-12_000)));
    await eventually('the jingle is heard', async () => (await heard()) === '880', 20_000);
    push('ffmpeg', live('/studio.mp3'));
    await eventually('the studio is heard', async () => (await heard()) === '440', 30_000);
    for (const source of sources.splice(0)) source.kill('SIGKILL');
    await eventually('the jingle is heard again', async () => (await heard()) === '880', 20_000);
    stop = true;
    await reader?.cancel();
    await reading;
  });
});

describe('a pushed source in a fleet', () => {
  let nats: NatsServer;
  let services: Weir[];
  let ingests: string[];
  let edge: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration({ feeds: { studio: { push: '/studio.mp3', source: { password: 'hackme' } } }, streams: { studio: { feed: 'studio' } } });
    remove = configuration.remove;
    nats = await NatsServer.start();
    const start = (...argv: string[]): Weir => new Weir([...argv, '--nats', nats.url, '--listen', '127.0.0.1:0']);
    services = [start('control', '-f', configuration.file), start('ingest', '--instance', 'a'), start('ingest', '--instance', 'b'), start('edge')];
    const urls = await Promise.all(services.map((service) => service.url()));
    ingests = urls.slice(1, 3);
    edge = urls[3] ?? '';
    await eventually('the configuration is there', async () => (await fetch(`${edge}/studio`, { method: 'HEAD' })).status === 200);
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('is served by every edge wherever it comes, after one ingest from the other, and is refused while it is on elsewhere', async () => {
    const push = (to: number): ChildProcess => {
      const { host } = new URL(ingests[to] ?? '');
      return spawn('ffmpeg', [...ffmpeg, '-re', ...tone, '-f', 'mp3', '-content_type', 'audio/mpeg', `icecast://source:hackme@${host}/studio.mp3`], { stdio: 'ignore' });
    };
    const first = push(0);
    const response = await fetch(`${edge}/studio`);
    assert.equal(response.status, 200);
    let bytes = 0;
    const reading = (async () => {
      for await (const part of response.body ?? []) bytes += (part as Uint8Array).length;
    })().catch(() => {});
    await eventually('media flows', () => bytes > 5000);
    const refused = await fetch(`${ingests[1]}/studio.mp3`, { method: 'PUT', body: 'x', headers: { Authorization: `Basic ${btoa('source:hackme')}`, 'Content-Type': 'audio/mpeg' } });
    assert.equal(refused.status, 409);
    first.kill('SIGKILL');
    await pause(500);
    const before = bytes;
    const second = push(1);
    await eventually('media flows from the other', () => bytes > before + 10_000);
    second.kill('SIGKILL');
    await services[3]?.stop('SIGKILL');
    await reading;
  });
});

/** The pitch of the last second of an MP3 stream, as ffmpeg hears it: 440, 880 or something else. */
function pitchOf(mp3: Buffer): string {
  const { stdout } = spawnSync('ffmpeg', [...ffmpeg, '-f', 'mp3', '-i', '-', '-ac', '1', '-ar', '8000', '-f', 's16le', '-'], { input: mp3 });
  let crossings = 0;
  const samples = Math.floor(stdout.length / 2);
  const from = Math.max(1, samples - 4000);
  for (let index = from; index < samples; index++) if (stdout.readInt16LE(index * 2) >= 0 !== stdout.readInt16LE((index - 1) * 2) >= 0) crossings++;
  const hertz = (crossings / 2 / Math.max(1, samples - from)) * 8000;
  return Math.abs(hertz - 440) < 30 ? '440' : Math.abs(hertz - 880) < 60 ? '880' : String(Math.round(hertz));
}

/** ezstream 1.0 and later. */
function ezstream({ hostname, port }: URL, file: string): string {
  return `<ezstream>
  <servers><server><hostname>${hostname}</hostname><port>${port}</port><password>hackme</password></server></servers>
  <streams><stream><mountpoint>/studio.mp3</mountpoint><format>MP3</format></stream></streams>
  <intakes><intake><filename>${file}</filename></intake></intakes>
</ezstream>
`;
}
