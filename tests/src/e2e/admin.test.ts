import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkout } from '../support/checkout.ts';
import { eventually, pause } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const token = 'correct-horse-battery';

/** Fifty times a second 64 of a letter. */
const letters = (letter: string, mark: string): string[] => ['node', '-e', `setInterval(() => process.stdout.write('${letter}'.repeat(64)), 20) // ${mark}`];

function configuration(mark: string): object {
  const raw = { format: 'raw', block_bytes: 64 };
  return {
    listen: '127.0.0.1:0',
    admin: { token },
    feeds: { a: { command: letters('a', mark), ...raw }, b: { command: letters('b', 'spare'), ...raw } },
    streams: {
      plain: { feed: 'a', path: '/plain.raw' },
      backed: { feed: 'a', path: '/backed.raw', fallback: ['b'] },
      encoded: { feed: 'a', path: '/encoded.raw', encode: 'cat', ...raw },
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly error?: string;
    readonly says?: string;
    readonly outcome?: string;
    readonly problems?: readonly string[];
    readonly changes?: readonly { readonly name: string; readonly what: string }[];
    readonly instances?: readonly string[];
    readonly listeners?: readonly { readonly id: string; readonly edge: string; readonly stream: string; readonly address: string; readonly userAgent: string; readonly bytes: number; readonly lagSeconds: number }[];
    readonly next?: string | null;
  };
}

interface Stat {
  readonly feeds: readonly { readonly name: string; readonly mood: string; readonly pid: number | null }[];
  readonly encoders: readonly { readonly name: string; readonly mood: string; readonly pid: number | null }[];
  readonly streams: readonly { readonly name: string; readonly mood: string; readonly listeners: number }[];
  readonly edges: readonly { readonly instance: string; readonly draining?: true }[];
}

/** What is administered: where, and its processes by the names of their instances. */
class Site {
  readonly url: string;
  readonly file: string;
  readonly mark: string;
  /** Of the edges. */
  readonly edges: ReadonlyMap<string, string>;
  readonly processes: ReadonlyMap<string, Weir>;

  constructor(url: string, file: string, mark: string, edges: ReadonlyMap<string, string>, processes: ReadonlyMap<string, Weir>) {
    this.url = url;
    this.file = file;
    this.mark = mark;
    this.edges = edges;
    this.processes = processes;
  }

  get edge(): string {
    return [...this.edges.values()][0] ?? '';
  }

  async call(method: string, path: string, options: { body?: object; authorization?: string | null; headers?: Record<string, string> } = {}): Promise<Answer> {
    const { body, authorization = `Bearer ${token}` } = options;
    const headers = { ...(authorization === null ? {} : { authorization }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers };
    const response = await fetch(this.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }

  async stat(): Promise<Stat> {
    return (await (await fetch(`${this.url}/stat.json`)).json()) as Stat;
  }

  /** Waits until a feed or an encoder has a mood. */
  async becomes(kind: 'feeds' | 'encoders', name: string, mood: string): Promise<{ readonly pid: number | null }> {
    return eventually(`${name} of the ${kind} is ${mood}`, async () => (await this.stat())[kind].find((each) => each.name === name && each.mood === mood));
  }
}

async function grows(listener: StayingListener): Promise<void> {
  const from = listener.bytes;
  await eventually('more media', () => listener.bytes > from + 500);
}

/** What holds for standalone and for a fleet alike. */
function administration(site: () => Site): void {
  it('lets nobody in without the token, and tells how to come in', async () => {
    for (const authorization of [null, 'Bearer wrong-token', 'Basic YWRtaW46Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5']) {
      const answer = await site().call('POST', '/admin/feeds/a/stop', { authorization });
      assert.equal(answer.status, 401);
      assert.match(answer.body.error ?? '', /as Authorization: Bearer TOKEN/);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    }
    // A password is enough to look.
    assert.equal((await site().call('GET', '/admin/listeners', { authorization: 'Basic YWRtaW46Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5' })).status, 200);
    assert.equal((await site().stat()).feeds.find(({ name }) => name === 'a')?.mood, 'sleeping');
  });

  it('shows the configuration to whoever has the token, its secrets masked', async () => {
    const { url } = site();
    assert.equal((await fetch(`${url}/config`)).status, 401);
    const answer = await fetch(`${url}/config`, { headers: { authorization: `Bearer ${token}` } });
    assert.match(answer.headers.get('content-type') ?? '', /^application\/yaml/);
    const text = await answer.text();
    assert.match(text, /^ {2}backed:\n {4}feed: a\n {4}fallback: b\n/m);
    assert.ok(!text.includes(token), text);
    assert.deepEqual(await (await fetch(`${url}/config.schema.json`)).json(), JSON.parse(await readFile(join(checkout, 'deploy/examples/weir.schema.json'), 'utf8')));
  });

  it('answers what is not there, or not so', async () => {
    const cases: readonly (readonly [method: string, path: string, status: number, options?: Parameters<Site['call']>[2]])[] = [
      ['GET', '/admin/feeds/a/stop', 405],
      ['GET', '/admin/nothing', 404],
      ['POST', '/admin/feeds/nobody/stop', 404],
      ['POST', '/admin/feeds/%00/restart', 404],
      ['POST', '/admin/encoders/plain/stop', 404],
      ['POST', '/admin/feeds/a/restart', 409],
      ['GET', '/admin/listeners?stream=nothing', 404],
      ['GET', '/admin/listeners?limit=0', 400],
      ['GET', '/admin/listeners?after=x', 400],
      ['DELETE', '/admin/listeners/nobody.x.1', 404],
      ['POST', '/admin/edges/nowhere/drain', 404],
      ['PUT', '/admin/log-level', 400, { body: { level: 'loud' } }],
      ['PUT', '/admin/log-level', 404, { body: { level: 'info', instance: 'nowhere' } }],
      ['PUT', '/admin/log-level', 415, { body: { level: 'info' }, headers: { 'content-type': 'text/plain' } }],
      ['PUT', '/admin/log-level', 413, { body: { level: 'x'.repeat(300_000) } }],
      ['POST', '/admin/reload', 403, { headers: { origin: 'http://elsewhere.example' } }],
    ];
    for (const [method, path, status, options] of cases) {
      const answer = await site().call(method, path, options);
      assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
      assert.ok((answer.body.error ?? '').length > 10);
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
    }
    assert.equal((await site().call('GET', '/admin/feeds/a/stop')).headers.get('allow'), 'POST, OPTIONS');
  });

  it('describes itself: every call that the document has is there', async () => {
    const document = (await (await fetch(`${site().url}/openapi.json`)).json()) as { openapi: string; paths: Record<string, Record<string, { security: readonly object[] }>> };
    assert.equal(document.openapi, '3.1.0');
    const calls = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { security }]) => ({ path, method: method.toUpperCase(), open: security.length === 0 })));
    assert.ok(calls.length >= 16);
    for (const { path, method, open } of calls) {
      const answer = await fetch(site().url + path.replaceAll(/\{\w+\}/g, 'x'), { method });
      assert.equal(answer.status, open ? 200 : 401, `${method} ${path}`);
    }
  });

  it('stops a feed and starts it, while its listeners stay, or hear the fallback', async () => {
    const [plain, backed] = [StayingListener.listen(`${site().edge}/plain.raw`), StayingListener.listen(`${site().edge}/backed.raw`)];
    await Promise.all([grows(plain), grows(backed)]);
    assert.equal((await site().call('POST', '/admin/feeds/a/stop')).status, 200);
    await site().becomes('feeds', 'a', 'stopped');
    await eventually('its process is gone', () => processesWith(site().mark).length === 0);
    await grows(backed);
    const bytes = plain.bytes;
    await pause(500);
    assert.deepEqual([plain.bytes, plain.ended, processesWith(site().mark)], [bytes, false, []]);
    assert.match(await (await fetch(`${site().url}/stat`)).text(), /mood-stopped/);
    assert.equal((await site().call('POST', '/admin/feeds/a/restart')).status, 409);
    assert.match((await site().call('POST', '/admin/feeds/a/stop')).body.says ?? '', /already/);
    assert.equal((await site().call('POST', '/admin/feeds/a/start')).status, 200);
    await grows(plain);
    assert.deepEqual([plain.ended, backed.ended], [false, false]);
    assert.match((await site().call('POST', '/admin/feeds/a/start')).body.says ?? '', /not stopped/);
    plain.leave();
    backed.leave();
  });

  it('stops an encoder alone', async () => {
    const encoded = StayingListener.listen(`${site().edge}/encoded.raw`);
    const plain = StayingListener.listen(`${site().edge}/plain.raw`);
    await Promise.all([grows(encoded), grows(plain)]);
    await site().call('POST', '/admin/encoders/encoded/stop');
    await site().becomes('encoders', 'encoded', 'stopped');
    await grows(plain);
    await site().call('POST', '/admin/encoders/encoded/start');
    await grows(encoded);
    encoded.leave();
    plain.leave();
  });

  it('restarts a feed and an encoder at once, while their listeners stay', async () => {
    const encoded = StayingListener.listen(`${site().edge}/encoded.raw`);
    await grows(encoded);
    for (const [kind, name] of [['feeds', 'a'], ['encoders', 'encoded']] as const) {
      const { pid } = await site().becomes(kind, name, 'happy');
      assert.equal((await site().call('POST', `/admin/${kind}/${name}/restart`)).status, 200);
      await eventually(`another process of ${name}`, async () => (await site().stat())[kind].some((each) => each.name === name && each.mood === 'happy' && each.pid !== pid));
      await grows(encoded);
    }
    assert.equal(encoded.ended, false);
    encoded.leave();
  });

  it('lists listeners page by page, and ends one of them and no other', async () => {
    const urls = [...site().edges.values()];
    const all = Array.from({ length: 5 }, (_, index) => StayingListener.listen(`${urls[index % urls.length]}/${index < 4 ? 'plain' : 'encoded'}.raw`));
    await Promise.all(all.map((listener) => grows(listener)));
    const list = async (query: string): Promise<Answer['body']> => (await site().call('GET', `/admin/listeners?${query}`)).body;
    const whole = await list('stream=plain');
    assert.deepEqual([whole.listeners?.length, whole.next], [4, null]);
    assert.equal((await list('')).listeners?.length, 5);
    const [first] = whole.listeners ?? [];
    assert.ok(first !== undefined && site().edges.has(first.edge));
    assert.deepEqual([first.stream, first.address, first.bytes > 0, first.lagSeconds < 5], ['plain', '127.0.0.1', true, true]);
    const pages: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page = await list(`stream=plain&limit=1${next === '' ? '' : `&after=${next}`}`);
      pages.push(...(page.listeners ?? []).map(({ id }) => id));
      next = page.next ?? null;
    }
    assert.deepEqual(pages, whole.listeners?.map(({ id }) => id));
    assert.equal((await site().call('DELETE', `/admin/listeners/${first.id}`)).status, 200);
    await eventually('one is gone', () => all.some(({ ended }) => ended));
    await Promise.all(all.filter(({ ended }) => !ended).map((listener) => grows(listener)));
    assert.deepEqual(all.filter(({ ended }) => ended).length, 1);
    assert.deepEqual((await list('stream=plain')).listeners?.map(({ id }) => id), pages.slice(1));
    assert.equal((await site().call('DELETE', `/admin/listeners/${first.id}`)).status, 404);
    assert.match(site().processes.get(first.edge)?.output ?? '', / an administrator ends a listener .*address=127\.0\.0\.1\n(?:.*\n)*?.* kicked\n/);
    for (const listener of all) listener.leave();
  });

  it('drains an edge, and lets it take listeners again', async () => {
    const [[name, url] = ['', ''], ...others] = [...site().edges];
    const here = [StayingListener.listen(`${url}/plain.raw`), StayingListener.listen(`${url}/plain.raw`)];
    const elsewhere = others.map(([, other]) => StayingListener.listen(`${other}/plain.raw`));
    await Promise.all([...here, ...elsewhere].map((listener) => grows(listener)));
    assert.equal((await site().call('POST', `/admin/edges/${name}/drain`, { body: { seconds: 'many' } })).status, 400);
    assert.equal((await site().call('POST', `/admin/edges/${name}/drain`, { body: { seconds: 0.5 } })).status, 200);
    assert.equal((await fetch(`${url}/plain.raw`)).status, 503);
    await eventually('they are ended', () => here.every(({ ended }) => ended));
    const isDraining = async (): Promise<boolean> => (await site().stat()).edges.find(({ instance }) => instance === name)?.draining === true;
    await eventually('it is told', isDraining);
    await Promise.all(elsewhere.map((listener) => grows(listener)));
    assert.equal((await site().call('POST', `/admin/edges/${name}/undrain`)).status, 200);
    const again = StayingListener.listen(`${url}/plain.raw`);
    await grows(again);
    await eventually('that is told too', async () => !(await isDraining()));
    // One that is called off leaves those who are still there.
    await site().call('POST', `/admin/edges/${name}/drain`, { body: { seconds: 600 } });
    await site().call('POST', `/admin/edges/${name}/undrain`);
    await grows(again);
    for (const listener of [again, ...elsewhere]) listener.leave();
  });

  it('reloads, and tells what has changed, or why it will not', async () => {
    const good = await readFile(site().file, 'utf8');
    assert.deepEqual((await site().call('POST', '/admin/reload')).body.outcome, 'unchanged');
    await writeFile(site().file, good.replace('"feed": "a"', '"feed": "aa"'));
    const refused = await site().call('POST', '/admin/reload');
    assert.equal(refused.status, 422);
    assert.match(refused.body.problems?.[0] ?? '', /weir\.yml:\d+:\d+ streams\.plain\.feed: no feed named "aa"/);
    await writeFile(site().file, good.replace('"path": "/plain.raw"', '"path": "/plain.raw", "title": "Plain"'));
    const { status, body } = await site().call('POST', '/admin/reload');
    assert.deepEqual([status, body.outcome, body.changes?.map(({ name, what }) => [name, what])], [200, 'reloaded', [['plain', 'changed']]]);
    await writeFile(site().file, good);
    await site().call('POST', '/admin/reload');
  });

  it('changes how much is logged, of all and of one, while it runs', async () => {
    const { body } = await site().call('PUT', '/admin/log-level', { body: { level: 'debug' } });
    assert.deepEqual([...(body.instances ?? [])].sort(), [...site().processes.keys()].sort());
    for (const [name, { output }] of site().processes) assert.match(output, /the log level has changed level=debug of=all/, name);
    const quiet = await site().call('PUT', '/admin/log-level', { body: { level: 'error', component: 'edge', instance: [...site().edges.keys()][0] } });
    assert.deepEqual(quiet.body.instances, [[...site().edges.keys()][0]]);
    const [process] = [...site().edges.keys()].map((name) => site().processes.get(name));
    const from = process?.output.length ?? 0;
    const listener = StayingListener.listen(`${site().edge}/plain.raw`);
    await grows(listener);
    listener.leave();
    await eventually('the listener is gone', async () => (await site().stat()).streams.every(({ listeners }) => listeners === 0));
    assert.doesNotMatch(process?.output.slice(from) ?? '', / edge\.access/);
    await site().call('PUT', '/admin/log-level', { body: { level: 'info' } });
  });

  it('has logged who did what, and never the token', () => {
    const output = [...site().processes.values()].map((each) => each.output).join('');
    assert.match(output, /info {2}control: an administrator acted method=POST path=\/admin\/feeds\/a\/stop address=127\.0\.0\.1 by="the token" body=\{\} status=200\n/);
    assert.match(output, /warn {2}control: an administrator was refused method=POST path=\/admin\/feeds\/a\/stop address=127\.0\.0\.1 reason="wrong token"\n/);
    assert.ok(!output.includes(token));
  });
}

/** Nothing else may be asked from this address for a minute afterwards. */
function guessing(site: () => Site): void {
  it('stops listening to who guesses', async () => {
    for (let guess = 0; guess < 10; guess++) await site().call('GET', '/admin/listeners', { authorization: `Bearer guess-number-${guess}` });
    const answer = await site().call('GET', '/admin/listeners');
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get('retry-after'), '60');
  });
}

describe('administration of standalone', () => {
  const mark = newMark();
  let site: Site;
  let weir: Weir;
  let remove: () => Promise<void>;
  before(async () => {
    const written = await writeConfiguration(configuration(mark));
    remove = written.remove;
    weir = new Weir(['up', '-f', written.file, '--no-watch', '--instance', 'one']);
    const url = await weir.url();
    site = new Site(url, written.file, mark, new Map([['one', url]]), new Map([['one', weir]]));
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });
  administration(() => site);
  guessing(() => site);

  it('may nobody, without a token', async () => {
    const other = new Weir(['serve', '--listen', '127.0.0.1:0', '--format', 'raw', '--', ...letters('c', mark)]);
    const url = await other.url();
    const answer = await fetch(`${url}/admin/reload`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /admin: \{ token_file: \.\.\. \} in its configuration, or WEIR_ADMIN_TOKEN_FILE/);
    await other.stop();
  });

  it('ends the source of a feed that is stopped, and takes none until it is started; with the token of the environment', async () => {
    const { file, remove: gone } = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: { studio: { push: '/studio.raw', source: 'open', format: 'raw' } },
      streams: { radio: { feed: 'studio', path: '/radio.raw' } },
    });
    const other = new Weir(['up', '-f', file], { environment: { WEIR_ADMIN_TOKEN: token } });
    const pushed = new Site(await other.url(), file, mark, new Map(), new Map());
    /** The status of the answer, which comes when the source is ended or refused. */
    const push = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const source = request(`${pushed.url}/studio.raw`, { method: 'PUT', agent: false }, (response) => resolve(response.statusCode ?? 0));
        source.on('error', reject).write(Buffer.alloc(1000));
      });
    const first = push();
    await pushed.becomes('feeds', 'studio', 'happy');
    await pushed.call('POST', '/admin/feeds/studio/stop');
    assert.deepEqual([await first, await push()], [503, 503]);
    await pushed.becomes('feeds', 'studio', 'stopped');
    await pushed.call('POST', '/admin/feeds/studio/start');
    const last = push();
    await pushed.becomes('feeds', 'studio', 'happy');
    await pushed.call('POST', '/admin/feeds/studio/restart');
    assert.equal(await last, 503);
    await other.stop('SIGKILL');
    await gone();
  });
});

describe('administration of a fleet', () => {
  const mark = newMark();
  let site: Site;
  let nats: NatsServer;
  let processes: Map<string, Weir>;
  let remove: () => Promise<void>;
  before(async () => {
    const written = await writeConfiguration(configuration(mark));
    remove = written.remove;
    nats = await NatsServer.start();
    const run = (verb: string, instance: string, ...more: string[]): Weir => new Weir([verb, '--nats', nats.url, '--instance', instance, ...more]);
    const edges = ['edge-1', 'edge.2'];
    processes = new Map([
      ['control-1', run('control', 'control-1', '-f', written.file, '--no-watch', '--listen', '127.0.0.1:0')],
      ['ingest-1', run('ingest', 'ingest-1')],
      ...edges.map((edge) => [edge, run('edge', edge, '--listen', '127.0.0.1:0')] as const),
    ]);
    const urls = await Promise.all(edges.map(async (edge) => [edge, (await processes.get(edge)?.url()) ?? ''] as const));
    site = new Site((await processes.get('control-1')?.url()) ?? '', written.file, mark, new Map(urls), processes);
    await eventually('both edges are known and have the configuration', async () => {
      const ready = await Promise.all(urls.map(async ([, url]) => (await fetch(`${url}/plain.raw`, { method: 'HEAD' })).status === 200));
      return ready.every(Boolean) && (await site.stat()).edges.length === 2;
    });
  });
  after(async () => {
    await Promise.all([...processes.values()].map((each) => each.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });
  administration(() => site);

  it('is not done at an edge', async () => {
    const answer = await fetch(`${site.edge}/admin/reload`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 404);
  });

  it('keeps a feed stopped when its ingest is started again', async () => {
    const listener = StayingListener.listen(`${site.edge}/plain.raw`);
    await grows(listener);
    await site.call('POST', '/admin/feeds/a/stop');
    await site.becomes('feeds', 'a', 'stopped');
    await processes.get('ingest-1')?.stop();
    processes.set('ingest-1', new Weir(['ingest', '--nats', nats.url, '--instance', 'ingest-1']));
    await eventually('the new ingest runs what it may', () => processes.get('ingest-1')?.output.includes('configuration feeds=2'));
    await pause(1500);
    assert.deepEqual(processesWith(mark), []);
    await site.becomes('feeds', 'a', 'stopped');
    await site.call('POST', '/admin/feeds/a/start');
    await grows(listener);
    assert.equal(listener.ended, false);
    listener.leave();
  });

  it('tells when an instance does not answer', async () => {
    processes.get('edge.2')?.process.kill('SIGSTOP');
    const { body } = await site.call('GET', '/admin/listeners');
    assert.deepEqual((body as { silent?: unknown }).silent, ['edge.2']);
    processes.get('edge.2')?.process.kill('SIGCONT');
  });
});
