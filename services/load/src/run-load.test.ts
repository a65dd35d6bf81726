import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createPlainServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { LoadReport } from './load-report.ts';
import { runLoad } from './run-load.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function load(argv: readonly string[], interruption: AbortSignal = new AbortController().signal): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  const code = await runLoad(argv, { stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) }, interruption });
  return { code, stdout, stderr };
}

async function loadReport(argv: readonly string[], interruption?: AbortSignal): Promise<LoadReport> {
  const { code, stdout } = await load(['--json', ...argv], interruption);
  const report = JSON.parse(stdout) as LoadReport;
  assert.equal(code, report.ok ? 0 : 1);
  assert.equal(report.ok, report.problems.length === 0);
  return report;
}

async function withServer(server: Server, use: (url: string) => Promise<void>): Promise<void> {
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

type Handler = (response: ServerResponse, index: number, request: IncomingMessage) => void;

function withHandler(handler: Handler, use: (url: string) => Promise<void>): Promise<void> {
  let index = 0;
  return withServer(createServer((request, response) => handler(response, index++, request)), use);
}

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes. */
const frame = Buffer.alloc(417);
frame.set([0xff, 0xfb, 0x90, 0x64]);

/** Writes some bytes every so many milliseconds until the client leaves. */
function stream(response: ServerResponse, bytes: Uint8Array, everyMillis = 50, contentType = 'audio/mpeg'): void {
  response.writeHead(200, { 'Content-Type': contentType });
  const write = (): void => void response.write(bytes);
  write();
  const timer = setInterval(write, everyMillis);
  response.on('close', () => clearInterval(timer));
}

describe('weir load', { concurrency: true }, () => {
  it('is content with listeners who get whole frames to the end', () =>
    withHandler(
      (response) => stream(response, frame),
      async (url) => {
        const report = await loadReport(['--listeners', '20', '--duration', '1s', url]);
        assert.deepEqual(report.problems, []);
        assert.deepEqual([report.started, report.connected, report.readers, report.served, report.stayed], [20, 20, 20, 20, 20]);
        assert.deepEqual(report.continuity, { formats: { mp3: 20 }, faulty: 0, gaps: 0, skippedBytes: 0, unreadable: 0 });
        assert.ok(report.bytes >= 20 * 417 && report.bytes % 417 === 0, String(report.bytes));
        assert.equal(report.bytesPerReader?.count, 20);
        assert.equal(report.firstByteMillis?.count, 20);
        assert.equal(report.delayMillis, null);
      },
    ));

  it('tells people what it found, with progress aside', () =>
    withHandler(
      (response) => stream(response, frame),
      async (url) => {
        const { code, stdout, stderr } = await load(['--listeners', '3', '--stalled', '.34', '--churn', '20', '--duration', '5.5s', url]);
        assert.equal(code, 0);
        assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/ for 5\.\d s\n {2}listeners +3 \(1 stalled\), 3 connected\n {2}served +2 of 2\n {2}stayed +2 of 2\n {2}stalled +1 of 1 answered\n {2}churn +\d+ of \d+ served\n/);
        assert.match(stdout, /\n {2}checked +2 \(mp3: 2\): no gaps\n[^]*all were served and stayed\n$/);
        assert.match(stderr, /^5 s {2}3 receiving {2}[\d.]+ kbit\/s {2}0 refused {2}0 failed {2}0 closed {2}0 gaps\n$/);
      },
    ));

  it('tells who was refused, and who was told to come again', () =>
    withHandler(
      (response, index) => {
        if (index % 2 === 0) stream(response, frame);
        else response.writeHead(503, { 'Retry-After': '2' }).end('later');
      },
      async (url) => {
        const report = await loadReport(['--listeners', '10', '--duration', '500ms', url]);
        assert.deepEqual([report.stayed, report.refused, report.refusedForNow], [5, { 503: 5 }, 5]);
        assert.deepEqual(report.problems, ['refused: 5 (503: 5), 5 of them told to come again']);
      },
    ));

  it('tells whose answer ended too early, and stops when nobody is left', () =>
    withHandler(
      (response, index) => {
        response.writeHead(200, { 'Content-Type': 'audio/mpeg' });
        response.write(frame);
        setTimeout(() => (index === 0 ? response.destroy() : response.end()), 100);
      },
      async (url) => {
        const report = await loadReport(['--listeners', '4', '--duration', '10m', url]);
        assert.deepEqual([report.served, report.stayed], [4, 0]);
        assert.deepEqual(report.closedEarly, { 'end of the answer': 3, 'closed by the server': 1 });
        assert.ok(report.seconds < 60);
      },
    ));

  it('lets an answer end once it has brought what was expected', () =>
    withHandler(
      (response, index) => response.writeHead(200, { 'Content-Type': 'video/mp4' }).end(Buffer.alloc(index === 0 ? 150_000 : 250_000)),
      async (url) => {
        assert.deepEqual((await loadReport(['--listeners', '1', '--expect-bytes', '200kB', url])).closedEarly, { 'end of the answer': 1 });
        assert.equal((await loadReport(['--listeners', '5', '--expect-bytes', '200kB', url])).stayed, 5);
      },
    ));

  it('tells who got too little', () =>
    withHandler(
      (response, index) => {
        if (index > 0) stream(response, frame);
        else response.writeHead(200, { 'Content-Type': 'audio/mpeg' }).flushHeaders();
      },
      async (url) => {
        const report = await loadReport(['--listeners', '3', '--duration', '500ms', url]);
        assert.deepEqual([report.starved, report.served, report.problems], [1, 2, ['got less than expected: 1']]);
      },
    ));

  it('tells who never got an answer', () =>
    withHandler(
      (response, index) => index > 0 && stream(response, frame),
      async (url) => assert.deepEqual((await loadReport(['--listeners', '3', '--duration', '500ms', url])).problems, ['without an answer: 1']),
    ));

  it('counts the gaps in what the listeners got', () =>
    withHandler(
      (response) => stream(response, Buffer.concat([frame, frame, frame, frame, frame.subarray(0, 300)])),
      async (url) => {
        const { continuity, problems } = await loadReport(['--listeners', '4', '--check', '2', '--duration', '1s', url]);
        assert.deepEqual([continuity.formats, continuity.faulty], [{ mp3: 2 }, 2]);
        assert.ok(continuity.gaps >= 2 && continuity.skippedBytes > 0);
        assert.match(problems.join(), /^gaps: \d+, in what 2 of 2 listeners got$/);
      },
    ));

  it('tells of bytes that are not what Content-Type says', () =>
    withHandler(
      (response) => stream(response, Buffer.alloc(300_000)),
      async (url) => assert.deepEqual((await loadReport(['--listeners', '2', '--duration', '500ms', url])).problems, ['got nothing of the format that Content-Type tells: 2']),
    ));

  it('lets stalled listeners read nothing, and counts them apart', async () => {
    const sockets: Socket[] = [];
    const unread = new Map<Socket, number>();
    await withHandler(
      (response, _, { socket }) => {
        sockets.push(socket);
        stream(response, Buffer.alloc(500_000), 20, 'application/octet-stream');
      },
      async (url) => {
        const timer = setInterval(() => sockets.forEach((socket) => unread.set(socket, socket.writableLength)), 20);
        const report = await loadReport(['--listeners', '4', '--stalled', '0.25', '--duration', '2s', url]);
        clearInterval(timer);
        assert.deepEqual([report.problems, report.readers, report.stayed], [[], 3, 3]);
        assert.deepEqual(report.stalled, { listeners: 1, answered: 1, refused: {}, failed: {} });
        assert.ok(Math.max(...unread.values()) > 5_000_000, [...unread.values()].join());
      },
    );
  });

  it('lets slow listeners read at half the speed of the others', () =>
    withHandler(
      (response) => stream(response, Buffer.alloc(20_000), 50, 'application/octet-stream'),
      async (url) => {
        const report = await loadReport(['--listeners', '4', '--slow', '0.25', '--duration', '8s', url]);
        assert.deepEqual([report.problems, report.slow, report.readers, report.stayed], [[], 1, 4, 4]);
        const { min, p50, max } = report.bytesPerReader ?? { min: 0, p50: 0, max: 0 };
        assert.ok(min < 0.8 * p50 && min > 0.4 * p50 && p50 > 0.9 * max, `${min}, ${p50}, ${max}`);
      },
    ));

  it('lets nobody read faster than the rate', () =>
    withHandler(
      (response) => stream(response, Buffer.alloc(500_000), 50, 'application/octet-stream'),
      async (url) => {
        const { bytesPerReader, seconds } = await loadReport(['--listeners', '3', '--rate', '50kB', '--duration', '2s', url]);
        assert.ok(bytesPerReader !== null && bytesPerReader.max <= 50_000 * (seconds + 0.1) + 2 * 16_384 && bytesPerReader.min > 16_384, JSON.stringify(bytesPerReader));
      },
    ));

  it('churns: connections come and go beside the listeners', async () => {
    let requests = 0;
    let gone = 0;
    await withHandler(
      (response) => {
        requests++;
        response.on('close', () => gone++);
        stream(response, frame);
      },
      async (url) => {
        const { churn, stayed } = await loadReport(['--listeners', '2', '--churn', '20', '--duration', '2s', url]);
        assert.equal(stayed, 2);
        assert.ok(churn.connections > 10 && churn.served > 0.5 * churn.connections, JSON.stringify(churn));
        assert.equal(churn.served + churn.unanswered, churn.connections);
        assert.ok(requests > 10 && gone > 10, `${requests} came, ${gone} went`);
      },
    );
  });

  it('ends when interrupted, with its result so far', () =>
    withHandler(
      (response) => stream(response, frame),
      async (url) => {
        const report = await loadReport(['--listeners', '2', '--duration', '10m', url], AbortSignal.timeout(1000));
        assert.deepEqual([report.problems, report.interrupted, report.stayed], [[], true, 2]);
        const early = await loadReport(['--listeners', '100', '--ramp', '10m', url], AbortSignal.timeout(500));
        assert.match(early.problems.join(), /^not started: \d+ of 100$/);
      },
    ));

  it('tells why connections fail', async () => {
    let url = '';
    await withServer(createPlainServer(), async (free) => void (url = free));
    const report = await loadReport(['--listeners', '5', url]);
    assert.deepEqual([report.failed, report.connected], [{ ECONNREFUSED: 5 }, 0]);
    assert.match(report.problems.join(), /ECONNREFUSED: nothing listens there/);
  });

  it('is not confused by a server that speaks something else', () =>
    withServer(
      createPlainServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n\r\n')),
      async (url) => assert.deepEqual((await loadReport(['--listeners', '2', url])).failed, { 'no HTTP status line: "220 mail.example ESMTP"': 2 }),
    ));

  it('passes the credentials of the URL on, and tells them nobody', () =>
    withHandler(
      (response, _, request) => {
        if (request.headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`) stream(response, frame);
        else response.writeHead(401).end();
      },
      async (url) => {
        const report = await loadReport(['--listeners', '2', '--duration', '300ms', url.replace('//', '//me:secret@')]);
        assert.deepEqual([report.problems, report.url], [[], url]);
      },
    ));

  it('refuses much for another machine, without a word to it', async () => {
    for (const much of [['--listeners', '101'], ['--churn', '11']]) {
      const { code, stdout, stderr } = await load([...much, 'http://192.0.2.1/']);
      assert.deepEqual([code, stdout], [64, '']);
      assert.match(stderr, /192\.0\.2\.1 is not this machine.*--allow-remote/);
    }
  });

  it('explains itself', async () => {
    const { code, stdout } = await load(['--help']);
    assert.ok(code === 0 && stdout.includes('--listeners N'));
    assert.deepEqual([(await load([])).code, (await load(['--nonsense', 'http://127.0.0.1/'])).code], [64, 64]);
  });
});
