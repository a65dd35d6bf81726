import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';
import { childText, parseXml } from '../support/xml.ts';
import type { XmlNode } from '../support/xml.ts';

const token = 'correct-horse-battery';
const password = { authorization: `Basic ${Buffer.from(`admin:${token}`).toString('base64')}` };
const hostile = `</title><script>alert("1")</script> & ' \u0001 "}]} ${'\u202e'} \ud83d\ude00`;

const configuration = {
  listen: '127.0.0.1:0',
  admin: { token },
  feeds: {
    studio: { push: '/studio.raw', source: { password: 'hackme' }, format: 'raw' },
    quiet: { push: '/quiet.raw', source: 'open' },
    clock: { command: ['node', '-e', "setInterval(() => process.stdout.write('t'.repeat(64)), 20)"], format: 'raw' },
  },
  streams: {
    radio: { feed: 'studio', path: '/radio.mp3', title: 'Radio <Weir> & "friends"', description: 'All day', genre: 'Various', homepage: 'https://example.org/' },
    quiet: { feed: 'quiet', path: '/quiet.mp3' },
    clock: { feed: 'clock', path: '/clock.raw' },
  },
};

interface Source {
  readonly [name: string]: string | number | null;
}

/** Pushes to the studio until it is ended. */
function push(url: string): ClientRequest {
  const source = request(`${url}/studio.raw`, { method: 'PUT', agent: false, headers: { authorization: `Basic ${Buffer.from('source:hackme').toString('base64')}` } });
  source.on('error', () => {});
  const timer = setInterval(() => source.write('r'.repeat(800)), 50);
  source.once('close', () => clearInterval(timer));
  return source;
}

async function setTitle(url: string, song: string): Promise<void> {
  const answer = await fetch(`${url}/admin/metadata?mode=updinfo&mount=/studio.raw&song=${encodeURIComponent(song)}`, { headers: { authorization: `Basic ${Buffer.from('source:hackme').toString('base64')}` } });
  assert.equal(answer.status, 200);
}

async function sources(url: string, query = ''): Promise<readonly Source[]> {
  const response = await fetch(`${url}/status-json.xsl${query}`);
  assert.deepEqual([response.status, response.headers.get('content-type'), response.headers.get('access-control-allow-origin')], [200, 'application/json; charset=utf-8', '*']);
  const { icestats } = (await response.json()) as { icestats: { source?: Source | Source[] } };
  return [icestats.source ?? []].flat();
}

async function stats(url: string): Promise<XmlNode> {
  return parseXml(await (await fetch(`${url}/admin/stats`, { headers: password })).text());
}

const mountOf = (source: Source): string => new URL(String(source['listenurl'])).pathname;

/** What standalone and control both tell, once the studio pushes to `ingest` and somebody listens at `edge`. */
function reads(at: () => { readonly url: string; readonly ingest: string; readonly edge: string }): void {
  it('tells of one source as an object, of more as an array, and of what is on', async () => {
    const { url, ingest, edge } = at();
    const one = (await (await fetch(`${url}/status-json.xsl`)).json()) as { icestats: { source?: unknown; server_id: string } };
    // A pushed stream without a source is not there; a command that sleeps would wake.
    assert.equal(Array.isArray(one.icestats.source), false);
    assert.match(one.icestats.server_id, /^weir \d/);
    assert.deepEqual((await sources(url)).map(mountOf), ['/clock.raw']);
    assert.deepEqual((await (await fetch(`${url}/status-json.xsl?array=1&mount=/nothing`)).json() as { icestats: { source: unknown } }).icestats.source, []);
    assert.equal('source' in ((await (await fetch(`${url}/status-json.xsl?mount=/nothing`)).json()) as { icestats: object }).icestats, false);

    const studio = push(ingest);
    await eventually('the studio is there', async () => (await sources(url)).length === 2);
    const listener = StayingListener.listen(`${edge}/radio.mp3`);
    await setTitle(ingest, '1979');
    const radio = await eventually('somebody listens to a title', async () => (await sources(url, '?mount=/radio.mp3')).find((source) => source['listeners'] === 1 && source['title'] === '1979'));
    const { server_name, server_description, genre, server_url, listener_peak, dummy } = radio;
    assert.deepEqual([server_name, server_description, genre, server_url, listener_peak, dummy], ['Radio <Weir> & "friends"', 'All day', 'Various', 'https://example.org/', 1, null]);
    assert.deepEqual([radio['listenurl'], typeof radio['bitrate'], typeof radio['server_type']], [`${url}/radio.mp3`, 'number', 'string']);
    assert.match(String(radio['stream_start_iso8601']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);

    await setTitle(ingest, hostile);
    const told = await eventually('the next title', async () => (await sources(url, '?mount=/radio.mp3')).find((source) => String(source['title']).startsWith('</title>')));
    const xml = await stats(url);
    const inXml = xml.children.find(({ attributes }) => attributes['mount'] === '/radio.mp3');
    assert.ok(inXml !== undefined);
    assert.equal(childText(inXml, 'title'), told['title']);
    assert.ok(String(told['title']).includes('😀'));
    assert.equal(childText(inXml, 'server_name'), 'Radio <Weir> & "friends"');
    assert.deepEqual([childText(xml, 'sources'), childText(xml, 'listeners'), childText(inXml, 'listener_peak')], ['2', '1', '1']);
    assert.ok(Number(childText(inXml, 'total_bytes_read')) > 0);
    assert.doesNotMatch(await (await fetch(`${url}/stat`)).text(), /<script>alert/);

    const mounts = parseXml(await (await fetch(`${url}/admin/listmounts`, { headers: password })).text());
    assert.deepEqual(mounts.children.map(({ name, attributes, children }) => [name, attributes['mount'], children.map((child) => child.name)]), [
      ['source', '/radio.mp3', ['fallback', 'listeners', 'Connected', 'content-type']],
      ['source', '/clock.raw', ['fallback', 'listeners', 'Connected', 'content-type']],
    ]);
    const list = await fetch(`${url}/admin/streamlist.txt`, { headers: password });
    assert.deepEqual([list.headers.get('content-type'), await list.text()], ['text/plain; charset=utf-8', '/radio.mp3\r\n/clock.raw\r\n']);

    studio.destroy();
    await eventually('the studio has gone', async () => (await sources(url)).length === 1);
    listener.leave();
  });

  it('shows what administrators see to nobody else', async () => {
    for (const path of ['/admin/stats', '/admin/listmounts', '/admin/streamlist.txt']) {
      const answer = await fetch(at().url + path);
      assert.deepEqual([answer.status, answer.headers.get('www-authenticate')], [401, 'Basic realm="weir", charset="UTF-8"']);
      assert.equal((await fetch(at().url + path, { headers: password, method: 'HEAD' })).status, 200);
      assert.equal((await fetch(at().url + path, { headers: password, method: 'POST' })).status, 405);
    }
  });
}

describe('what Icecast tools read of standalone', () => {
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    const written = await writeConfiguration(configuration);
    remove = written.remove;
    weir = new Weir(['up', '-f', written.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });
  reads(() => ({ url, ingest: url, edge: url }));
});

describe('what Icecast tools read of control', () => {
  let nats: NatsServer;
  let processes: readonly Weir[];
  let [url, ingest, edge] = ['', '', ''];
  let remove: () => Promise<void>;
  before(async () => {
    const written = await writeConfiguration(configuration);
    remove = written.remove;
    nats = await NatsServer.start();
    const run = (verb: string, ...more: string[]): Weir => new Weir([verb, '--nats', nats.url, '--listen', '127.0.0.1:0', ...more]);
    const [control, source, server] = [run('control', '-f', written.file), run('ingest'), run('edge')];
    processes = [control, source, server];
    [url, ingest, edge] = await Promise.all([control.url(), source.url(), server.url()]);
    await eventually('the edge has the configuration', async () => (await fetch(`${edge}/clock.raw`, { method: 'HEAD' })).status === 200);
    await eventually('the ingest has it', () => source.output.includes('configuration feeds=3'));
  });
  after(async () => {
    await Promise.all(processes.map((each) => each.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });
  reads(() => ({ url, ingest, edge }));
});
