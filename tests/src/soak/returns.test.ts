import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import type { Watched } from './fleet.ts';
import type { Sample } from './measures.ts';
import { sampleService } from './sampling.ts';
import { Service } from './service.ts';

const rounds = 5;
const credentials = `Authorization: Basic ${btoa('source:hackme')}\r\nContent-Type: audio/mpeg\r\n`;
/** MPEG-1 layer III, 64 kbit/s, 44.1 kHz: 208 bytes of silence each. */
const frames = Buffer.concat(Array.from({ length: 40 }, () => Buffer.concat([Buffer.from([0xff, 0xfb, 0x50, 0xc4]), Buffer.alloc(204)])));

function configuration(listen: string, extra: string | null): string {
  const tone = { command: ['sh', '-c', 'while :; do cat tone.mp3; sleep 0.1; done'], format: 'mp3', grace: '1s' };
  return JSON.stringify({
    listen,
    edge: { trusted_proxies: ['127.0.0.1'] },
    feeds: { tone, guests: { push: '/live/*', source: { password: 'hackme' }, grace: '200ms' } },
    streams: {
      tone: { feed: 'tone', path: '/tone.mp3' },
      copy: { feed: 'tone', path: '/copy.mp3', encode: 'cat', format: 'mp3' },
      own: { feed: 'tone', path: '/own.mp3', client: 'exclusive', encode: 'cat', format: 'mp3' },
      live: { feed: 'guests', path: '/live/*' },
      ...(extra === null ? {} : { [extra]: { ...tone, path: '/extra.mp3' } }),
    },
  });
}

/** Connects, sends, and resolves with the connection once something was answered. */
function ask(url: string, head: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(head));
    socket.once('data', () => resolve(socket)).once('error', reject);
    socket.once('close', () => resolve(socket));
  });
}

/** Everything comes once, under names and from addresses that were not there before, and has gone at the end. */
async function churn(url: string, round: number, reload: (extra: string | null) => Promise<void>): Promise<void> {
  const name = `source-${round}`;
  const source = await ask(url, `SOURCE /live/${name} ICE/1.0\r\n${credentials}\r\n`);
  const sending = setInterval(() => source.write(frames), 50);
  await reload(`extra-${round}`);
  const paths = ['/tone.mp3', '/copy.mp3', '/own.mp3', `/live/${name}`, '/extra.mp3', '/nothing', `/live/nobody-${round}`, '/stat.json', '/tone.mp3.m3u'];
  const heads = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.${round}\r\n\r\n`);
  const wrong = `PUT /live/x HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.1.0.${round}\r\nTransfer-Encoding: chunked\r\n${credentials.replace('Basic ', 'Basic x')}\r\n`;
  const sockets = await Promise.all([...heads, ...heads, wrong].map((head) => ask(url, head)));
  for (const socket of sockets) socket.destroy();
  await reload(null);
  clearInterval(sending);
  source.destroy();
}

test('weir up: whatever has come and gone leaves no descriptor, process, timer, handle or metric behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-returns-'));
  const file = join(folder, 'weir.yml');
  const [port, health] = [await freePort(), `127.0.0.1:${await freePort()}`];
  await writeFile(join(folder, 'tone.mp3'), frames);
  await writeFile(file, configuration(`127.0.0.1:${port}`, null));
  const service = Service.weir('weir', folder, ['up', '-f', 'weir.yml', '--health', health, '--no-watch']);
  try {
    const url = await service.url();
    const watched: Watched = { service, health, url };
    const reload = async (extra: string | null): Promise<void> => {
      await writeFile(file, configuration(`127.0.0.1:${port}`, extra));
      service.signal('SIGHUP');
      await eventually('the configuration is the new one', async () => (await fetch(`${url}/extra.mp3`, { method: 'HEAD', headers: { Connection: 'close' } })).ok === (extra !== null));
    };
    const rest = async (isGood: (sample: Sample) => boolean, wanted = ''): Promise<Sample> => {
      let last: Sample | null = null;
      const look = async (): Promise<Sample | null> => {
        last = await sampleService(watched, folder);
        return last !== null && last.commands === 0 && isGood(last) ? last : null;
      };
      return eventually('all is gone', look, 40_000).catch((error: unknown) => assert.fail(`${String(error)}\nlast: ${JSON.stringify(last)}, wanted: ${wanted}\n${service.log.slice(-3000)}`));
    };
    await churn(url, 0, reload);
    const idle = async (): Promise<boolean> => ((await (await fetch(`${url}/stat.json`, { headers: { Connection: 'close' } })).json()) as { streams: readonly unknown[] }).streams.length === 3;
    await eventually('the first source is forgotten', idle);
    const before = await rest(() => true);
    for (let round = 1; round <= rounds; round++) await churn(url, round, reload);
    await eventually('all sources are forgotten', idle);
    await rest(({ descriptors, timers, handles }) => descriptors <= before.descriptors && timers <= before.timers && handles <= before.handles, JSON.stringify(before));
    // What ends while its stream goes is still counted, until the next configuration.
    await reload('last');
    await eventually('no metric names what has gone', async () => !/extra-|source-/.test(await (await fetch(`http://${health}/metrics`)).text()));
  } finally {
    await service.stop();
    await rm(folder, { recursive: true });
  }
});
