import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkout } from '../support/checkout.ts';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { StampReader } from '../support/stamp.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';
import { ask } from './ask.ts';

/** Ports of this machine that stand for those of the shipped configuration. */
interface Ports {
  readonly proxy: number;
  /** One edge that is there, and one that is not. */
  readonly edges: readonly [number, number];
  readonly health: number;
}

interface Proxy {
  readonly name: string;
  readonly version: readonly string[];
  /** The shipped file with other addresses, which must be found in it. */
  readonly adapt: (text: string, ports: Ports) => string;
  readonly file: string;
  readonly argv: (file: string, folder: string) => readonly string[];
}

function replace(text: string, ...pairs: readonly (readonly [from: string, to: string])[]): string {
  return pairs.reduce((result, [from, to]) => {
    assert.ok(result.includes(from), `the shipped configuration has no "${from}" any more`);
    return result.replaceAll(from, to);
  }, text);
}

const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    version: ['nginx', '-v'],
    file: 'nginx.conf',
    adapt: (text, { proxy, edges }) => replace(text, ['edge-1:8090', `127.0.0.1:${edges[0]}`], ['edge-2:8090', `127.0.0.1:${edges[1]}`], ['listen 8080', `listen 127.0.0.1:${proxy}`], ['worker_rlimit_nofile 65536;', ''], ['worker_connections 30000', 'worker_connections 500']),
    argv: (file, folder) => ['nginx', '-p', folder, '-c', file, '-g', `daemon off; pid ${folder}/nginx.pid; error_log stderr;`],
  },
  {
    name: 'haproxy',
    version: ['haproxy', '-v'],
    file: 'haproxy.cfg',
    adapt: (text, { proxy, edges, health }) =>
      replace(text, ['bind :::8090 v4v6', `bind 127.0.0.1:${proxy}`], ['port 9090', `port ${health}`], [' resolvers names init-addr none', ''], [
        'server-template edge- 1-50 edge:8090',
        edges.map((port, index) => `server edge-${index} 127.0.0.1:${port}`).join('\n    '),
      ]),
    argv: (file) => ['haproxy', '-db', '-f', file],
  },
];

for (const { name, version, file, adapt, argv } of proxies) {
  const [program = '', ...words] = version;
  // Debian has both in folders that are in the PATH of root alone.
  const missing = spawnSync(program, words, { env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } }).error === undefined ? false : `${name} is not installed`;

  describe(`proxy ${name}`, { skip: missing }, () => {
    let folder: string;
    let ports: Ports;
    let weir: Weir;
    let process_: ChildProcess;
    let said = '';
    let removeConfiguration: () => Promise<void>;
    const requests: ClientRequest[] = [];

    /** A listener on the address of its own. */
    const listen = (path: string, localAddress: string): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const request = get(`http://127.0.0.1:${ports.proxy}${path}`, { agent: false, localAddress }, resolve).once('error', reject);
        requests.push(request);
      });

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'weir-proxy-'));
      ports = { proxy: await freePort(), edges: [await freePort(), await freePort()], health: await freePort() };
      const media = join(checkout, 'tests/fixtures/mpegts/h264-aac-wrap.m2t');
      const stamper = join(checkout, 'tests/dist/support/programs/stamper.js');
      const configuration = await writeConfiguration({
        listen: `127.0.0.1:${ports.edges[0]}`,
        edge: { trusted_proxies: ['127.0.0.1'] },
        // 60 kbit/s in ten bursts a second: the buffers of a proxy would take seconds to fill.
        feeds: { stamped: { command: [process.execPath, stamper, media, '60000', '10'] } },
        streams: { stamped: { feed: 'stamped', path: '/stamped.ts' } },
      });
      removeConfiguration = configuration.remove;
      weir = new Weir(['up', '-f', configuration.file, '--health', `127.0.0.1:${ports.health}`]);
      await weir.url();
      const adapted = join(folder, file);
      await writeFile(adapted, adapt(readFileSync(join(checkout, 'deploy/proxies', file), 'utf8'), ports));
      const [command = '', ...options] = argv(adapted, folder);
      process_ = spawn(command, options, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } });
      for (const stream of [process_.stdout, process_.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
      await eventually('the proxy answers', async () => (await ask(`http://127.0.0.1:${ports.proxy}/stat.json`))?.status === 200).catch((error: unknown) => {
        throw new Error(`${String(error)}; it said: ${said}`);
      });
    });
    after(async () => {
      for (const request of requests) request.destroy();
      const gone = new Promise((resolve) => process_.once('close', resolve));
      process_.kill('SIGTERM');
      await Promise.all([gone, weir.stop('SIGKILL')]);
      await removeConfiguration();
      await rm(folder, { recursive: true, force: true });
    });

    it('passes each burst on at once', async (context) => {
      const delays: number[] = [];
      const reader = new StampReader();
      const response = await listen('/stamped.ts', '127.0.0.2');
      assert.equal(response.headers['content-type'], 'video/mp2t');
      assert.equal(response.headers['content-encoding'], undefined);
      // The history that a listener begins with is old.
      await pause(500);
      let ended = false;
      response.once('close', () => (ended = true));
      let measuring = false;
      response.on('data', (chunk: Buffer) => reader.read(chunk, (millis) => measuring && delays.push(millis)));
      await pause(1000);
      measuring = true;
      await eventually('thirty bursts have come', () => delays.length >= 30);
      delays.sort((a, b) => a - b);
      context.diagnostic(`delay from the source through weir and ${name}: p50 ${delays[15]?.toFixed(1)} ms, worst ${delays.at(-1)?.toFixed(1)} ms`);
      assert.ok((delays[15] ?? Infinity) < 100, `half of the bursts took longer than ${delays[15]} ms`);
      assert.equal(reader.gaps, 0);
      assert.equal(ended, false);
    });

    it('tells the edge the address of the listener', async () => {
      const response = await listen('/stamped.ts', '127.0.0.3');
      await new Promise((resolve) => response.once('data', resolve));
      response.destroy();
      await eventually(`the access log has it: ${weir.output}`, () => /access: 127\.0\.0\.3 .*\/stamped\.ts/.test(weir.output));
    });

    it('gives every listener the edge that is there', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(`http://127.0.0.1:${ports.proxy}/stamped.ts`, 'HEAD')));
      assert.deepEqual(answers.map((answer) => answer?.status), answers.map(() => 200));
    });

    it('passes on what an edge answers when there is no stream', async () => {
      assert.equal((await ask(`http://127.0.0.1:${ports.proxy}/nonsuch.ts`))?.status, 404);
    });
  });
}

describe('shipped proxy configurations', () => {
  const text = (file: string): string => readFileSync(join(checkout, 'deploy/proxies', file), 'utf8');

  it('let a stream be silent for longer than any grace of a feed that is usual', () => {
    const limits = [text('nginx.conf').matchAll(/(?:proxy_read|proxy_send|send)_timeout (\S+);/g), text('haproxy.cfg').matchAll(/timeout (?:client|server) (\S+)/g)];
    const minutes = limits.flatMap((found) => Array.from(found, ([, value]) => value));
    assert.deepEqual(minutes, ['10m', '10m', '10m', '10m', '10m']);
  });
});
