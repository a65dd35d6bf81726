import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { exchange, splitAnswer } from '../support/raw-http.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const icyInterval = 8192;

describe('limits and manners of the edge', () => {
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    const base = cameraConfiguration(newMark()) as { streams: Record<string, object> };
    const configuration = await writeConfiguration({
      ...base,
      edge: { max_listeners: 6, trusted_proxies: ['127.0.0.0/8'], proxy_protocol: false },
      streams: {
        camera: { ...base.streams['camera'], max_listeners: 1 },
        elsewhere: { feed: 'camera', path: '/elsewhere.ts', max_listeners: 1, overflow: 'http://other.example/camera.ts' },
        short: { feed: 'camera', path: '/short.ts', max_bytes: '50kB' },
        wav: { command: 'ffmpeg -nostdin -v error -re -f lavfi -i sine -f wav {out}', path: '/sound.wav' },
        brief: { feed: 'camera', path: '/brief.ts', max_duration: '1s' },
        sound: { ...base.streams['sound'], title: "Rádio 'One'", description: 'All news', genre: 'news', homepage: 'https://example.org/' },
      },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  it('turns away who finds no room: 503 with Retry-After, or 302 to where there is', async () => {
    const abort = new AbortController();
    const listening = await Promise.all(['/camera.ts', '/elsewhere.ts'].map((path) => fetch(url + path, { signal: abort.signal })));
    assert.deepEqual(listening.map(({ status }) => status), [200, 200]);
    const full = await fetch(`${url}/camera.ts`);
    assert.equal(full.status, 503);
    assert.ok(Number(full.headers.get('retry-after')) > 0);
    const sent = await fetch(`${url}/elsewhere.ts`, { redirect: 'manual' });
    assert.equal(sent.status, 302);
    assert.equal(sent.headers.get('location'), 'http://other.example/camera.ts');
    abort.abort();
    await eventually('there is room again', async () => {
      const again = await fetch(`${url}/camera.ts`);
      await again.body?.cancel();
      return again.status === 200;
    });
  });

  it('has room for so many on the whole edge', async () => {
    const abort = new AbortController();
    await eventually('nobody listens', async () => ((await (await fetch(`${url}/stat.json`)).json()) as { listeners: number }).listeners === 0);
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${url}/camera.mp3`, { signal: abort.signal })));
    assert.deepEqual([200, 503].map((status) => answers.filter((answer) => answer.status === status).length), [6, 2]);
    abort.abort();
    await eventually('nobody listens', async () => ((await (await fetch(`${url}/stat.json`)).json()) as { listeners: number }).listeners === 0);
  });

  it('ends a listener at a packet after the bytes it may have, and after the time', async () => {
    const { answer } = await exchange(url, 'GET /short.ts HTTP/1.0\r\n\r\n', () => false);
    const { body } = splitAnswer(answer);
    assert.ok(body.length >= 50_000 && body.length < 200_000, `${body.length} bytes`);
    assert.equal(body.length % 188, 0);
    const brief = await fetch(`${url}/brief.ts`);
    assert.ok((await brief.arrayBuffer()).byteLength > 0);
    await eventually('the access lines', () => [/GET \/short\.ts .* limit\n/, /GET \/brief\.ts .* limit\n/].every((line) => line.test(weir.output)));
  });

  it('tells internet radio players the name of the station, and puts titles where they ask for them', async () => {
    const request = 'GET /camera.mp3 HTTP/1.0\r\nIcy-MetaData: 1\r\n\r\n';
    const { answer, socket } = await exchange(url, request, (bytes) => splitAnswer(bytes).body.length > 2.5 * icyInterval);
    socket.destroy();
    const { head, body } = splitAnswer(answer);
    for (const line of ['icy-metaint: 8192', 'icy-description: All news', 'icy-genre: news', 'icy-url: https://example.org/', `icy-name: ${Buffer.from("Rádio 'One'").toString('latin1')}`]) {
      assert.ok(head.includes(`\r\n${line}\r\n`) || head.endsWith(`\r\n${line}`), `${line} in\n${head}`);
    }
    const length = (body[icyInterval] ?? 0) * 16;
    assert.equal(body.subarray(icyInterval + 1, icyInterval + 1 + length).toString().replace(/\0+$/, ''), 'StreamTitle=\'Rádio \u2019One\u2019\';');
    assert.equal(body[icyInterval + 1 + length + icyInterval], 0);
    const plain = await fetch(`${url}/camera.mp3`);
    assert.equal(plain.headers.get('icy-metaint'), null);
    await plain.body?.cancel();
  });

  it('gives Safari the first bytes of a WAV, and of MP3 the stream', async () => {
    const probe = await fetch(`${url}/sound.wav`, { headers: { Range: 'bytes=0-1' } });
    assert.equal(probe.status, 206);
    assert.equal(probe.headers.get('content-range'), 'bytes 0-1/*');
    assert.equal(Buffer.from(await probe.arrayBuffer()).toString(), 'RI');
    const play = await fetch(`${url}/sound.wav`, { headers: { Range: 'bytes=0-' } });
    assert.equal(play.status, 200);
    await play.body?.cancel();
    const mp3 = await fetch(`${url}/camera.mp3`, { headers: { Range: 'bytes=0-1' } });
    assert.equal(mp3.status, 200);
    await mp3.body?.cancel();
  });

  it('believes a trusted proxy that clients come by HTTPS', async () => {
    const playlist = async (headers: Record<string, string>): Promise<string> => (await fetch(`${url}/camera.mp3.m3u`, { headers })).text();
    assert.match(await playlist({ 'X-Forwarded-Proto': 'http, https' }), /^https:\/\/127\.0\.0\.1:/m);
    assert.match(await playlist({ 'X-Forwarded-Proto': 'javascript' }), /^http:\/\/127\.0\.0\.1:/m);
  });

  it('believes a trusted proxy about the client, and tells how far behind it starts', async () => {
    const response = await fetch(`${url}/camera.mp3?join=1`, { headers: { 'X-Forwarded-For': '203.0.113.7' } });
    assert.match(response.headers.get('x-join-behind') ?? '', /^\d+\.\d{3}$/);
    await response.body?.cancel();
    await eventually('the access line', () => /access: 203\.0\.113\.7 - - /.test(weir.output));
  });
});

describe('PROXY protocol', () => {
  it('is taken off connections of trusted proxies, and told in the access line', async () => {
    const configuration = await writeConfiguration({ ...cameraConfiguration(newMark()), edge: { trusted_proxies: ['127.0.0.1'], proxy_protocol: true } });
    const weir = new Weir(['up', '-f', configuration.file]);
    const url = await weir.url();
    const enough = (bytes: Buffer): boolean => splitAnswer(bytes).body.length > 1000;
    const { answer, socket } = await exchange(url, 'PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\nGET /camera.ts HTTP/1.0\r\n\r\n', enough);
    socket.destroy();
    assert.match(splitAnswer(answer).head, /^HTTP\/1\.1 200 /);
    await eventually('the access line', () => /access: 203\.0\.113\.9 - - /.test(weir.output));
    const refused = await exchange(url, 'GET /camera.ts HTTP/1.0\r\n\r\n', () => false);
    assert.equal(refused.answer.length, 0);
    assert.equal((await weir.stop()).code, 0);
    await configuration.remove();
  });
});
