import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const tone = ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine=frequency=440', '-flush_packets', '1'];
const mp3 = ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3', '-content_type', 'audio/mpeg'];
const ogg = ['-c:a', 'libvorbis', '-page_duration', '100000', '-f', 'ogg', '-content_type', 'application/ogg'];

interface Status {
  readonly streams: readonly { readonly name: string; readonly path: string; readonly mood: string }[];
}

const streamsOf = async (url: string): Promise<Status['streams']> => ((await (await fetch(`${url}/stat.json`)).json()) as Status).streams;

/** What a source is answered, on a connection of its own, at a path as it stands. */
function put(origin: string, path: string, password = 'hackme'): Promise<{ status: number | undefined; text: string }> {
  const { hostname, port } = new URL(origin);
  const headers = { Authorization: `Basic ${btoa(`source:${password}`)}`, 'Content-Type': 'audio/mpeg' };
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method: 'PUT', headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    asked.on('error', reject).end('x');
  });
}

describe('a pattern of pushed sources', () => {
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  const sources: ChildProcess[] = [];
  before(async () => {
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: {
        live: { push: '/live/*', source: { password: 'hackme' }, max_sources: 2, grace: '2s' },
        plain: { command: 'cat /dev/null' },
      },
      streams: {
        live: { feed: 'live', path: '/live/*' },
        low: { feed: 'live', path: '/low/*.mp3', encode: 'ffmpeg -v error -i {in} -c:a libmp3lame -b:a 32k -f mp3 {out}' },
        plain: { feed: 'plain', path: '/live/news' },
      },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) source.kill('SIGKILL');
    await eventually('no source is left', async () => (await streamsOf(url)).every(({ name }) => name === 'plain'));
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  const push = async (name: string, format: readonly string[]): Promise<ChildProcess> => {
    const source = spawn('ffmpeg', [...tone, ...format, `icecast://source:hackme@${new URL(url).host}/live/${name}`], { stdio: 'ignore' });
    sources.push(source);
    await eventually(`${name} is on`, async () => (await streamsOf(url)).some((stream) => stream.name === `live/${name}` && stream.mood === 'happy'));
    return source;
  };

  it('has a stream for each source that comes, in its own format and through the encoders of the pattern', async () => {
    await eventually('the edge knows that there is no source', async () => (await fetch(`${url}/live/anna`)).status === 404);
    await Promise.all([push('anna', mp3), push('ben.ogg', ogg)]);
    const paths = ['/live/anna', '/stream/live/anna', '/live/ben.ogg', '/low/anna.mp3'];
    for (const { code, complaints, audio } of await Promise.all(paths.map((path) => play(url + path, 2)))) assert.deepEqual([code, complaints, audio > 20], [0, '', true], weir.output);
    assert.deepEqual((await streamsOf(url)).map(({ name, path }) => `${name} ${path}`).sort(), ['live/anna /live/anna', 'live/ben.ogg /live/ben.ogg', 'low/anna /low/anna.mp3', 'low/ben.ogg /low/ben.ogg.mp3', 'plain /live/news']);
    assert.match(await (await fetch(`${url}/live/anna.m3u`)).text(), /\/live\/anna\r\n$/);
    const third = await put(url, '/live/carl');
    assert.deepEqual([third.status, /as many as "max_sources"/.test(third.text)], [503, true]);
    assert.deepEqual([(await put(url, '/live/anna')).status, (await put(url, '/live/anna', 'guess')).status], [409, 401]);
    const update = await fetch(`${url}/admin/metadata?mode=updinfo&mount=/live/anna&song=x`, { headers: { Authorization: `Basic ${btoa('source:hackme')}` } });
    assert.equal(update.status, 200);
  });

  it('is refused under names that are none, or belong to something else, and makes nothing of them', async () => {
    const answers: readonly [path: string, status: number][] = [
      ['/live/.hidden', 404],
      ['/live/..%2f..%2fstat', 404],
      ['/live/a/b', 404],
      ['/live/%2a', 404],
      [`/live/${'x'.repeat(65)}`, 404],
      ['/live/', 404],
      ['/live/news', 403],
      ['/live/x.m3u', 403],
    ];
    for (const [path, status] of answers) assert.equal((await put(url, path)).status, status, path);
    assert.equal((await put(url, '/live/dora', 'guess')).status, 401);
    assert.deepEqual((await streamsOf(url)).map(({ name }) => name), ['plain']);
  });

  it('keeps the listeners of a source that comes back within grace, and ends them after it', async () => {
    const first = await push('emil', mp3);
    const response = await fetch(`${url}/live/emil`);
    let bytes = 0;
    const reading = (async () => {
      for await (const part of response.body ?? []) bytes += (part as Uint8Array).length;
    })();
    await eventually('media flows', () => bytes > 5000);
    first.kill('SIGKILL');
    await eventually('the source is gone', async () => (await streamsOf(url)).every(({ mood }) => mood !== 'happy'));
    const before = bytes;
    const second = await push('emil', mp3);
    await eventually('media flows again', () => bytes > before + 10_000);
    second.kill('SIGKILL');
    await reading;
    await eventually('nothing is there', async () => (await fetch(`${url}/live/emil`)).status === 404);
  });
});

describe('a pattern of pushed sources in a fleet', () => {
  let nats: NatsServer;
  const services: Weir[] = [];
  let remove: () => Promise<void>;
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('is served by every edge, one that starts later included, whichever ingest a source comes to', async () => {
    const configuration = await writeConfiguration({
      feeds: { live: { push: '/live/*', source: { password: 'hackme' } } },
      streams: { live: { feed: 'live', path: '/live/*' } },
    });
    remove = configuration.remove;
    nats = await NatsServer.start();
    const start = async (...argv: string[]): Promise<string> => {
      const service = new Weir([...argv, '--nats', nats.url, '--listen', '127.0.0.1:0']);
      services.push(service);
      return service.url();
    };
    const [control, one, other, edge] = await Promise.all([start('control', '-f', configuration.file), start('ingest', '--instance', 'a'), start('ingest', '--instance', 'b'), start('edge')]);
    await eventually('the configuration is there', async () => (await fetch(`${edge}/live/anna`)).status === 404);
    const push = (to: string): ChildProcess => spawn('ffmpeg', [...tone, ...mp3, `icecast://source:hackme@${new URL(to).host}/live/anna`], { stdio: 'ignore' });
    const first = push(one);
    await eventually('the edge knows the source', async () => (await fetch(`${edge}/live/anna`, { method: 'HEAD' })).status === 200);
    const response = await fetch(`${edge}/live/anna`);
    let bytes = 0;
    const reading = (async () => {
      for await (const part of response.body ?? []) bytes += (part as Uint8Array).length;
    })().catch(() => {});
    await eventually('media flows', () => bytes > 5000);
    assert.equal((await put(other, '/live/anna')).status, 409);
    const late = await start('edge');
    await eventually('the late edge serves it', async () => (await fetch(`${late}/live/anna`, { method: 'HEAD' })).status === 200);
    const { code, complaints, audio } = await play(`${late}/live/anna`, 2);
    assert.deepEqual([code, complaints, audio > 30], [0, '', true]);
    assert.deepEqual((await streamsOf(control)).map(({ name, mood }) => `${name} ${mood}`), ['live/anna happy']);
    services[1]?.process.kill('SIGKILL');
    first.kill('SIGKILL');
    const before = bytes;
    let second = push(other);
    await eventually('the other ingest takes it when the lease of the dead one is over', () => {
      if (second.exitCode !== null) second = push(other);
      return bytes > before + 10_000;
    });
    second.kill('SIGKILL');
    await services[3]?.stop('SIGKILL');
    await reading;
  });
});
