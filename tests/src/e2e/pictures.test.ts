import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkout } from '../support/checkout.ts';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** Each falls silent at its end, nine pictures after the last that a decoder could start at (JPEGs aside). */
const shown: readonly [name: string, fixture: string, feed?: object][] = [
  ['H.264 in MPEG-TS', 'mpegts/h264-aac.m2t'],
  ['HEVC in MPEG-TS', 'mpegts/hevc-open-gop-aac.m2t'],
  ['MPEG-2 in MPEG-TS', 'mpegts/mpeg2-open-gop-mp2.m2t'],
  ['the third program of an MPEG-TS', 'mpegts/three-programs.m2t', { program: 3 }],
  ['H.264 in FLV', 'flv/h264-aac.flv'],
  ['VP8 in WebM', 'webm/vp8-vorbis.webm'],
  ['H.264 in Matroska', 'matroska/h264-aac.mkv'],
  ['H.264 in fragmented MP4', 'mp4/h264-aac.mp4'],
  ['Theora in Ogg', 'ogg/theora-vorbis.ogv'],
  ['MPJPEG', 'mpjpeg/ffmpeg.mjpg'],
];
const fixture = (path: string): string => join(checkout, 'tests/fixtures', path);
const thenSilence = (path: string): string[] => ['sh', '-c', `cat ${path} && exec sleep 60`];

/** Luminance of every picture that ffmpeg decodes from media. */
function decode(input: readonly string[], stdin?: Buffer): { width: number; height: number; pictures: Buffer[] } {
  const probe = spawnSync('ffmpeg', ['-v', 'error', ...input, '-frames:v', '1', '-an', '-f', 'framecrc', '-'], { input: stdin, encoding: 'utf8' });
  const [width = 0, height = 0] = (/^#dimensions 0: (\d+)x(\d+)$/m.exec(probe.stdout) ?? []).slice(1).map(Number);
  const raw = ['-an', '-fps_mode', 'passthrough', '-vf', 'scale=out_range=tv', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'];
  const { stdout } = spawnSync('ffmpeg', ['-v', 'error', ...input, ...raw], { input: stdin, maxBuffer: 1 << 28 });
  const bytes = width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
  assert.ok(bytes > 0 && stdout.length >= bytes, `${input.join(' ')}: ${probe.stderr}`);
  const pictures = Array.from({ length: stdout.length / bytes }, (_, index) => stdout.subarray(index * bytes, index * bytes + width * height));
  return { width, height, pictures };
}

function psnr(a: Buffer, b: Buffer): number {
  let sum = 0;
  a.forEach((value, index) => (sum += (value - (b[index] ?? 0)) ** 2));
  return sum === 0 ? Infinity : 10 * Math.log10((255 * 255 * a.length) / sum);
}

async function take(url: string, options: RequestInit = {}): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(url, options);
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('pictures', () => {
  const [mark, slow] = [newMark(), newMark()];
  let weir: Weir;
  let url: string;
  let health: string;
  let remove: () => Promise<void>;
  before(async () => {
    const camera = (more: string): string => `ffmpeg -nostdin -v error -re -f lavfi -i testsrc2=size=320x180:rate=25 -c:v libx264 -preset ultrafast -tune zerolatency -g 50 -metadata comment=${more} -f mpegts {out}`;
    const sources = Object.fromEntries(shown.map(([, path, feed], index) => [`s${index}`, { command: thenSilence(fixture(path)), active: '60s', stall: '10m', ...feed }]));
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: {
        ...sources,
        camera: { command: camera('x'), active: '60s' },
        asleep: { command: camera(mark) },
        tone: { command: thenSilence(fixture('mpegts/aac.m2t')) },
        mp3: { command: thenSilence(fixture('mp3/mpeg2-layer3.mp3')) },
        dumb: { command: 'sleep 60', start_timeout: '500ms' },
        slow: { command: ['sh', '-c', `sleep 60; : ${slow}`] },
      },
      streams: Object.fromEntries([...Object.keys(sources), 'camera', 'asleep', 'tone', 'mp3', 'dumb', 'slow'].map((feed) => [feed, { feed }])),
    });
    remove = configuration.remove;
    health = `127.0.0.1:${await freePort()}`;
    weir = new Weir(['up', '-f', configuration.file, '--health', health]);
    url = await weir.url();
  });
  after(async () => {
    const { code } = await weir.stop();
    await remove();
    assert.equal(code, 0, weir.output);
  });

  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://${health}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  };

  for (const [index, [name, path, feed]] of shown.entries()) {
    it(`of ${name} show the newest picture, as ffmpeg decodes it`, async () => {
      const own = decode(['-i', fixture(path), '-map', feed === undefined ? '0:v:0' : '0:p:3:v']);
      await eventually('the whole file has been read', async () => (await take(`${url}/s${index}/pic`)).headers.get('etag') !== null);
      await pause(100);
      for (const format of ['jpg', 'png']) {
        const { status, headers, bytes } = await take(`${url}/s${index}/pic?format=${format}`);
        assert.deepEqual([status, headers.get('content-type')], [200, format === 'jpg' ? 'image/jpeg' : 'image/png']);
        const picture = decode(['-i', 'pipe:0'], bytes);
        assert.deepEqual([picture.width, picture.height], [own.width, own.height]);
        const likeness = own.pictures.map((each) => psnr(each, picture.pictures[0] ?? each));
        assert.ok(likeness.length >= 10);
        assert.equal(likeness.indexOf(Math.max(...likeness)), likeness.length - 1, likeness.map(Math.round).join(' '));
        assert.ok((likeness.at(-1) ?? 0) > 30, `${likeness.at(-1)} dB`);
      }
    });
  }

  it('of MPJPEG are the bytes that were sent, unless another kind is asked for', async () => {
    const index = shown.findIndex(([name]) => name === 'MPJPEG');
    const { bytes } = await take(`${url}/s${index}/pic`);
    assert.ok(readFileSync(fixture('mpjpeg/ffmpeg.mjpg')).includes(bytes));
    assert.ok((await take(`${url}/s${index}/pic?quality=20`)).bytes.length < bytes.length);
  });

  it('are as wide as asked for, but never wider than they were sent, in their own aspect', async () => {
    for (const [query, size] of [['width=160', [160, 90]], ['width=640&format=png', [320, 180]], ['', [320, 180]]] as const) {
      const { width, height } = decode(['-i', 'pipe:0'], (await take(`${url}/camera/pic?${query}`)).bytes);
      assert.deepEqual([width, height], size, query);
    }
  });

  it('stay with a client while nothing newer has come', async () => {
    const before = await metric('weir_ingest_pictures_total{stream="s0",result="decoded"}');
    const first = await take(`${url}/s0/pic?quality=50`);
    const etag = first.headers.get('etag') ?? '';
    assert.equal(first.headers.get('cache-control'), 'no-cache');
    assert.equal(first.headers.get('access-control-allow-origin'), '*');
    assert.equal((await take(`${url}/s0/pic?quality=50`, { headers: { 'If-None-Match': etag } })).status, 304);
    assert.equal((await take(`${url}/s0/pic?quality=50`)).headers.get('etag'), etag);
    assert.equal((await metric('weir_ingest_pictures_total{stream="s0",result="decoded"}')) - before, 1);
  });

  it('cost no more decodings than there are frames at 50 requests a second', async () => {
    await take(`${url}/camera/pic`);
    const [decoded, frames] = ['weir_ingest_pictures_total{stream="camera",result="decoded"}', 'weir_producer_frames_total{producer="camera",kind="feed"}'] as const;
    const before = [await metric(decoded), await metric(frames)] as const;
    const answers: Promise<{ status: number; headers: Headers }>[] = [];
    for (let count = 0; count < 150; count++) {
      answers.push(take(`${url}/camera/pic`));
      await pause(20);
    }
    const all = await Promise.all(answers);
    const [newDecoded, newFrames] = [(await metric(decoded)) - before[0], (await metric(frames)) - before[1]];
    assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]));
    const different = new Set(all.map(({ headers }) => headers.get('etag'))).size;
    assert.ok(different > 3 && newDecoded >= different && newDecoded <= newFrames && newDecoded < 150, `${different} pictures, ${newDecoded} decodings, ${newFrames} frames`);
  });

  it('of many kinds at once are refused beyond a limit, and the rest is served', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, (_, index) => take(`${url}/camera/pic?quality=${index + 1}`)));
    const counts = (status: number): number => all.filter((each) => each.status === status).length;
    assert.ok(counts(200) >= 1 && counts(503) >= 1 && counts(200) + counts(503) === 40, all.map(({ status }) => status).join(' '));
    assert.ok(all.every(({ status, headers }) => status === 200 || Number(headers.get('retry-after')) > 0));
  });

  it('wake a stream that sleeps, which sleeps again afterwards', async () => {
    assert.equal(processesWith(mark).length, 0);
    assert.equal((await take(`${url}/asleep/pic`, { method: 'HEAD' })).headers.get('content-type'), 'image/jpeg');
    assert.equal((await take(`${url}/asleep/pic?quality=0`)).status, 400);
    assert.equal((await take(`${url}/asleep/pic?wake=0`)).status, 204);
    assert.equal(processesWith(mark).length, 0);
    assert.equal((await take(`${url}/asleep/pic`)).status, 200);
    await eventually('the camera is gone', () => processesWith(mark).length === 0, 5000);
  });

  it('let the source of a client who has gone sleep', async () => {
    const gone = new AbortController();
    const answer = take(`${url}/slow/pic`, { signal: gone.signal }).catch(() => null);
    await eventually('it wakes', () => processesWith(slow).length > 0);
    gone.abort();
    await answer;
    await eventually('it sleeps', () => processesWith(slow).length === 0, 5000);
  });

  it('are 415 of sound, 503 of a stream that gives nothing, 404 of no stream, 405 for POST', async () => {
    for (const path of ['tone', 'mp3']) assert.equal((await take(`${url}/${path}/pic`)).status, 415, path);
    const nothing = await take(`${url}/dumb/pic`);
    assert.deepEqual([nothing.status, nothing.headers.get('retry-after')], [503, '2']);
    assert.equal((await take(`${url}/nowhere/pic`)).status, 404);
    const posted = await take(`${url}/camera/pic`, { method: 'POST' });
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
  });
});

describe('pictures over NATS', () => {
  let nats: NatsServer;
  let remove: () => Promise<void>;
  let edge: string;
  const services: Weir[] = [];
  const startIngest = async (instance: string, ...more: string[]): Promise<void> => {
    const ingest = new Weir(['ingest', '--nats', nats.url, '--instance', instance, ...more]);
    services.push(ingest);
    await eventually('it has the configuration', () => ingest.output.includes('configuration feeds='));
  };
  before(async () => {
    const noise = ['-f', 'lavfi', '-i', 'color=gray:size=1280x720,noise=alls=100', '-frames:v', '1', '-q:v', '2', '-f', 'mjpeg', '-'];
    const { stdout } = spawnSync('ffmpeg', ['-v', 'error', ...noise], { maxBuffer: 1 << 26 });
    const configuration = await writeConfiguration({});
    remove = configuration.remove;
    const file = join(dirname(configuration.file), 'noise.mjpeg');
    writeFileSync(file, stdout);
    const streams = { noise: { command: thenSilence(file) }, film: { command: thenSilence(fixture('mpegts/h264-aac.m2t')) } };
    writeFileSync(configuration.file, JSON.stringify({ streams }));
    nats = await NatsServer.start();
    const common = ['--nats', nats.url];
    services.push(new Weir(['control', ...common, '-f', configuration.file, '--listen', '127.0.0.1:0']));
    await startIngest('one', '--ffmpeg', join(dirname(file), 'no-ffmpeg'));
    const service = new Weir(['edge', ...common, '--listen', '127.0.0.1:0']);
    services.push(service);
    edge = await service.url();
    await eventually('the configuration is there', async () => (await fetch(`${edge}/film`, { method: 'HEAD' })).status === 200);
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('are 501 where the ingest has no ffmpeg, which says so once', async () => {
    for (let time = 0; time < 2; time++) assert.equal((await take(`${edge}/film/pic`)).status, 501);
    assert.equal(services[1]?.output.split('pictures need ffmpeg').length, 2, services[1]?.output);
    assert.equal((await take(`${edge}/noise/pic`)).status, 200);
  });

  it('come from whichever ingest owns the stream, however large they are', async () => {
    await services[1]?.stop();
    await startIngest('two');
    const { status, bytes } = await take(`${edge}/noise/pic?format=png`);
    assert.equal(status, 200);
    assert.ok(bytes.length > 1024 * 1024, `${bytes.length} bytes`);
    assert.deepEqual(decode(['-i', 'pipe:0'], bytes).width, 1280);
    assert.equal((await take(`${edge}/film/pic`)).status, 200);
  });
});
