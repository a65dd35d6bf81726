import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { exchange, splitAnswer, unchunk } from '../support/raw-http.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const syncByte = 0x47;

describe('HTTP of the edge', () => {
  let weir: Weir;
  let url: string;
  let health: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(newMark()));
    remove = configuration.remove;
    health = `http://127.0.0.1:${await freePort()}`;
    weir = new Weir(['up', '-f', configuration.file, '--health', health.slice(7)]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  const got = (bytes: number) => (answer: Buffer) => splitAnswer(answer).body.length >= bytes;

  it('sends HTTP/1.1 clients chunks, aligned to packets, beginning with PAT and a random access frame', async () => {
    const { answer, socket } = await exchange(url, 'GET /camera.ts HTTP/1.1\r\nHost: x\r\n\r\n', got(40_000));
    socket.destroy();
    const { head, body } = splitAnswer(answer);
    assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(head, /\r\nTransfer-Encoding: chunked/i);
    assert.match(head, /\r\nConnection: close/i);
    assert.match(head, /\r\nX-Accel-Buffering: no/i);
    assert.match(head, /\r\nAccess-Control-Allow-Origin: \*/i);
    const media = unchunk(body);
    assert.ok(media.length > 30_000);
    for (let at = 0; at < media.length; at += 188) assert.equal(media[at], syncByte, `at ${at}`);
    assert.equal((((media[1] ?? 0) & 0x1f) << 8) | (media[2] ?? 0), 0, 'PAT first');
  });

  it('sends HTTP/1.0 clients the media up to the end of the connection', async () => {
    const { answer, socket } = await exchange(url, 'GET /camera.ts HTTP/1.0\r\n\r\n', got(20_000));
    socket.destroy();
    const { head, body } = splitAnswer(answer);
    assert.doesNotMatch(head, /transfer-encoding/i);
    for (let at = 0; at < body.length; at += 188) assert.equal(body[at], syncByte, `at ${at}`);
  });

  it('joins as the query asks', async () => {
    const first = async (query: string): Promise<Buffer> => {
      const { answer, socket } = await exchange(url, `GET /camera.ts?${query} HTTP/1.0\r\n\r\n`, got(4000));
      socket.destroy();
      return splitAnswer(answer).body;
    };
    const keep = await exchange(url, 'GET /camera.ts HTTP/1.0\r\n\r\n', got(4000));
    const pid = (media: Buffer): number => (((media[1] ?? 0) & 0x1f) << 8) | (media[2] ?? 0);
    assert.equal(pid(await first('join=2')), 0);
    assert.notEqual(pid(await first('header=0')), 0);
    assert.equal(pid(await first('join=live')), 0);
    keep.socket.destroy();
  });

  it('gives playlists without waking anything', async () => {
    for (const [extension, type] of [['m3u', 'audio/x-mpegurl'], ['pls', 'audio/x-scpls'], ['xspf', 'application/xspf+xml']]) {
      const response = await fetch(`${url}/camera.mp3.${extension}`);
      assert.equal(response.headers.get('content-type'), type);
      assert.ok((await response.text()).includes(`${url}/camera.mp3`));
    }
    assert.equal((await fetch(`${url}/nothing.m3u`)).status, 404);
  });

  it('hangs up on a client that goes on talking while it listens', async () => {
    const { socket } = await exchange(url, 'GET /camera.ts HTTP/1.1\r\nHost: x\r\n\r\n', got(10_000));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET /stat HTTP/1.1\r\nHost: x\r\n\r\n');
    await closed;
  });

  for (const [name, request, status] of [
    ['a head of 64 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(65_536)}\r\n\r\n`, 431],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a path that is no URL', 'GET /%ZZ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ] as const) {
    it(`answers ${name} with ${status} and goes on`, async () => {
      const { answer, socket } = await exchange(url, request, (bytes) => bytes.includes('\r\n\r\n'));
      socket.destroy();
      assert.match(answer.toString('latin1'), new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.equal((await fetch(`${url}/stat.json`)).status, 200);
    });
  }

  it('tells its health and metrics on a port of their own', async () => {
    assert.equal((await fetch(`${health}/healthz`)).status, 200);
    assert.equal((await fetch(`${health}/readyz`)).status, 200);
    const metrics = await (await fetch(`${health}/metrics`)).text();
    for (const line of [/^weir_edge_listeners\{stream="camera"\} \d+$/m, /^weir_edge_listeners_total\{stream="camera"\} [1-9]/m, /^weir_producer_restarts_total\{producer="camera",kind="feed"\} 0$/m, /^weir_bus_connected 1$/m]) {
      assert.match(metrics, line);
    }
    assert.equal((await fetch(`${url}/metrics`)).status, 404);
  });

  it('writes one access line for a listener at its end', async () => {
    const { socket } = await exchange(url, 'GET /camera.mp3?x=1 HTTP/1.0\r\nUser-Agent: old"player\r\n\r\n', got(1000));
    socket.destroy();
    await eventually('the line', () => /access: 127\.0\.0\.1 - - \[[^\]]+\] "GET \/camera\.mp3\?x=1 HTTP\/1\.0" 200 \d+ "-" "old\\"player" \d+\.\d \d left\n/.test(weir.output));
  });
});

describe('an edge that is to stop', () => {
  async function start(drain: string): Promise<{ weir: Weir; url: string; health: string; remove: () => Promise<void> }> {
    const { file, remove } = await writeConfiguration(cameraConfiguration(newMark()));
    const health = `127.0.0.1:${await freePort()}`;
    const weir = new Weir(['up', '-f', file, '--drain', drain, '--health', health]);
    return { weir, url: await weir.url(), health: `http://${health}`, remove };
  }

  async function listen(url: string, count: number): Promise<{ ends: number[]; done: Promise<unknown> }> {
    const ends: number[] = [];
    const bodies = await Promise.all(Array.from({ length: count }, () => fetch(`${url}/camera.ts`)));
    const done = Promise.all(bodies.map((body) => body.arrayBuffer().then(() => ends.push(performance.now()))));
    return { ends, done };
  }

  it('ends its listeners cleanly, spread over the drain, takes no new ones, and exits with 0', async () => {
    const { weir, url, health, remove } = await start('3s');
    const { ends, done } = await listen(url, 20);
    const started = performance.now();
    weir.process.kill('SIGTERM');
    await eventually('it is not ready', async () => (await fetch(`${health}/readyz`)).status === 503);
    assert.equal((await fetch(`${url}/camera.ts`)).status, 503);
    await done;
    const { code } = await weir.exited;
    assert.equal(code, 0);
    const seconds = ends.map((end) => (end - started) / 1000).sort((a, b) => a - b);
    assert.ok((seconds[4] ?? 0) < 2 && (seconds[15] ?? 9) > 1.5, `ends after ${seconds.map((second) => second.toFixed(1)).join(', ')} s`);
    await remove();
  });

  it('ends at once on a second signal', async () => {
    const { weir, url, remove } = await start('1h');
    const done = (await listen(url, 3)).done.catch(() => null);
    weir.process.kill('SIGTERM');
    await eventually('it drains', () => weir.output.includes('draining'));
    const { seconds } = await weir.stop();
    assert.ok(seconds < 5);
    await done;
    await remove();
  });

  it('waits on SIGUSR1 until the last listener has left', async () => {
    const { weir, url, remove } = await start('0s');
    const abort = new AbortController();
    const response = await fetch(`${url}/camera.ts`, { signal: abort.signal });
    weir.process.kill('SIGUSR1');
    await eventually('it drains', () => weir.output.includes('draining'));
    const reader = response.body?.getReader();
    for (let reads = 0; reads < 20; reads++) assert.equal((await reader?.read())?.done, false);
    abort.abort();
    assert.equal((await weir.exited).code, 0);
    await remove();
  });
});
