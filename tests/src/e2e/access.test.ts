import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { get, request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { signedQuery } from '@weir/http';
import { eventually } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { runWeir, Weir } from '../support/weir.ts';

// The passwords are the names backwards; bcrypt has the cost that htpasswd -B gives it.
const users = {
  alice: '$2y$05$IA4xo1.pyhTd/tcVE1imOOru6au7MUPico0n858hO3qq5Y5sHAZkC',
  bob: '$apr1$0aB./xyz$sS3FZI.ov3nveOhB0cqJZ1',
  carol: '{SHA}DHsclwLrkhpE7rHl4/980kSJSyM=',
};
const keys = ['a-key-of-letters-that-is-long-enough', 'another-key-of-letters-on-its-way-out'] as const;

const letters = ['node', '-e', "setInterval(() => process.stdout.write('a'.repeat(64)), 20)"];

function configuration(): object {
  const basic = { htpasswd_file: 'users', realm: 'The radio' };
  return {
    listen: '127.0.0.1:0',
    edge: { trusted_proxies: ['127.0.0.1'] },
    access: { basic },
    feeds: {
      a: { command: letters, format: 'raw', block_bytes: 64, active: 'continuous' },
      studio: { push: '/studio.raw', format: 'raw', source: { htpasswd_file: 'users', allow: ['127.0.0.1', '203.0.113.0/24'], deny: '203.0.113.66' } },
    },
    streams: {
      open: { feed: 'a', path: '/open.raw', access: 'open' },
      usual: { feed: 'a', path: '/usual.raw' },
      signed: { feed: 'a', path: '/signed.raw', access: { signed: { key_file: 'keys' } } },
      both: { feed: 'a', path: '/both.raw', access: { basic, signed: { key_file: 'keys' } } },
      near: { feed: 'a', path: '/near.raw', access: { allow: ['203.0.113.0/24', '2001:db8::/32'], deny: ['203.0.113.66', '2001:db8:bad::/48'] } },
      nearUsers: { feed: 'a', path: '/near-users.raw', access: { basic, allow: '203.0.113.0/24' } },
      studio: { feed: 'studio', path: '/studio-out.raw', access: 'open' },
    },
  };
}

const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** What one asks with. */
interface Shown {
  readonly login?: readonly [user: string, password: string];
  readonly address?: string;
  /** Without a question mark. */
  readonly query?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The first bytes. */
  readonly body: string;
}

function headersOf({ login, address }: Shown): Record<string, string> {
  return { ...(login === undefined ? {} : { Authorization: basic(...login) }), ...(address === undefined ? {} : { 'X-Forwarded-For': address }) };
}

/** Asks, and leaves with the first bytes. */
function ask(url: string, method: string, shown: Shown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url + (shown.query === undefined ? '' : `?${shown.query}`), { method, agent: false, headers: headersOf(shown) }, (response) => {
      const settle = (body: string): void => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        asking.destroy();
      };
      response.once('data', (bytes: Buffer) => settle(bytes.toString('latin1')));
      response.once('end', () => settle(''));
    });
    asking.once('error', reject).end();
  });
}

/** Everything that leads to a stream's media, and what it answers those who may. */
const routes: readonly (readonly [route: (stream: string, path: string) => string, status: number])[] = [
  [(_, path) => path, 200],
  [(name) => `/stream/${name}`, 200],
  [(_, path) => `${path}/pic`, 415],
  [(name) => `/stream/${name}/pic`, 415],
  [(_, path) => `${path}.m3u`, 200],
  [(_, path) => `${path}.pls`, 200],
  [(name) => `/stream/${name}.xspf`, 200],
  [(name) => `/play/${name}`, 200],
];

/** Where what was configured runs. */
class Site {
  readonly url: string;
  readonly folder: string;
  readonly file: string;
  readonly processes: readonly Weir[];

  constructor(url: string, file: string, processes: readonly Weir[]) {
    this.url = url;
    this.folder = dirname(file);
    this.file = file;
    this.processes = processes;
  }

  get output(): string {
    return this.processes.map(({ output }) => output).join('\n');
  }

  async writeUsers(...names: readonly (keyof typeof users)[]): Promise<void> {
    await writeFile(join(this.folder, 'users'), names.map((name) => `${name}:${users[name]}\n`).join(''));
  }

  async writeKeys(...lines: readonly string[]): Promise<void> {
    await writeFile(join(this.folder, 'keys'), `${lines.join('\n')}\n`);
  }

  /** The query of a link that is good for an hour. */
  async sign(path: string, untilSeconds: number | null = null): Promise<string> {
    const [key = ''] = (await readFile(join(this.folder, 'keys'), 'utf8')).split('\n');
    const now = Math.floor(Date.now() / 1000);
    return signedQuery(path, { expires: now + 3600, until: untilSeconds === null ? null : now + untilSeconds, address: null }, key);
  }

  listen(path: string, shown: Shown): Promise<Listening> {
    return Listening.start(`${this.url}${path}${shown.query === undefined ? '' : `?${shown.query}`}`, headersOf(shown));
  }
}

/** Somebody who listens. */
class Listening {
  bytes = 0;
  ended = false;
  readonly #request: ClientRequest;

  private constructor(asking: ClientRequest) {
    this.#request = asking;
  }

  static start(url: string, headers: Record<string, string>): Promise<Listening> {
    return new Promise((resolve, reject) => {
      const asking = get(url, { agent: false, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
        const listening = new Listening(asking);
        response.on('data', (bytes: Buffer) => (listening.bytes += bytes.length)).on('error', () => {}).on('close', () => (listening.ended = true));
        resolve(listening);
      });
      asking.on('error', reject);
    });
  }

  async hearsMore(): Promise<void> {
    const from = this.bytes;
    await eventually('more media', () => this.bytes > from + 200);
    assert.equal(this.ended, false);
  }

  leave(): void {
    this.#request.destroy();
  }
}

/** What holds for standalone and for a fleet alike. */
function access(site: () => Site): void {
  it('lets in who may, and nobody else, on every route that leads to media, by every method', async () => {
    const good = await site().sign('/both.raw');
    const old = `expires=1000000000&signature=${'A'.repeat(43)}`;
    const cases: readonly { readonly name: string; readonly stream: readonly [name: string, path: string]; readonly shown: Shown; readonly status: number | 'in' }[] = [
      { name: 'nothing asked', stream: ['open', '/open.raw'], shown: {}, status: 'in' },
      { name: 'nothing shown', stream: ['usual', '/usual.raw'], shown: {}, status: 401 },
      { name: 'an unknown user', stream: ['usual', '/usual.raw'], shown: { login: ['constructor', 'x'] }, status: 401 },
      { name: 'a wrong password', stream: ['usual', '/usual.raw'], shown: { login: ['carol', 'carol'], address: '198.51.100.1' }, status: 401 },
      { name: 'bcrypt', stream: ['usual', '/usual.raw'], shown: { login: ['alice', 'ecila'] }, status: 'in' },
      { name: 'apr1', stream: ['usual', '/usual.raw'], shown: { login: ['bob', 'bob'] }, status: 'in' },
      { name: '{SHA}', stream: ['both', '/both.raw'], shown: { login: ['carol', 'lorac'] }, status: 'in' },
      { name: 'a link in place of a login', stream: ['both', '/both.raw'], shown: { query: good }, status: 'in' },
      { name: 'a link of another stream', stream: ['signed', '/signed.raw'], shown: { query: good }, status: 403 },
      { name: 'a login where links are asked', stream: ['signed', '/signed.raw'], shown: { login: ['alice', 'ecila'] }, status: 403 },
      { name: 'a made up link', stream: ['signed', '/signed.raw'], shown: { query: old }, status: 403 },
      { name: 'a link with its end put off', stream: ['both', '/both.raw'], shown: { query: good.replace(/expires=\d/, 'expires=9') }, status: 403 },
      { name: 'a parameter twice', stream: ['both', '/both.raw'], shown: { query: `${good}&expires=9999999999` }, status: 403 },
      { name: 'an address', stream: ['near', '/near.raw'], shown: { address: '203.0.113.7' }, status: 'in' },
      { name: 'an IPv6 address', stream: ['near', '/near.raw'], shown: { address: '[2001:db8::7]:4711' }, status: 'in' },
      { name: 'another address', stream: ['near', '/near.raw'], shown: { address: '198.51.100.7' }, status: 403 },
      { name: 'a denied address', stream: ['near', '/near.raw'], shown: { address: '203.0.113.66' }, status: 403 },
      { name: 'a denied IPv6 network', stream: ['near', '/near.raw'], shown: { address: '2001:db8:bad::7' }, status: 403 },
      { name: 'a login from another address', stream: ['nearUsers', '/near-users.raw'], shown: { login: ['alice', 'ecila'] }, status: 403 },
      { name: 'a login from the right address', stream: ['nearUsers', '/near-users.raw'], shown: { login: ['alice', 'ecila'], address: '203.0.113.7' }, status: 'in' },
    ];
    for (const { name, stream, shown, status } of cases) {
      const asked = routes.flatMap(([route, usual]) => ['GET', 'HEAD', 'POST'].map((method) => ({ method, path: route(...stream), usual })));
      await Promise.all(
        asked.map(async ({ method, path, usual }, index) => {
          // Each from an address of its own, so that failures do not add up.
          const answer = await ask(site().url + path, method, status === 401 ? { ...shown, address: `198.51.100.${index}` } : shown);
          const said = `${name}: ${method} ${path}: ${answer.status} ${answer.body}`;
          if (status === 'in') assert.equal(answer.status, method === 'POST' ? 405 : usual, said);
          else assert.equal(answer.status, status, said);
          if (status === 401) assert.equal(answer.headers['www-authenticate'], 'Basic realm="The radio", charset="UTF-8"', said);
          if (status !== 'in') assert.doesNotMatch(answer.body, /aaaa|http:/, said);
        }),
      );
    }
  });

  it('answers OPTIONS without a password, as browsers ask it, and tells nothing', async () => {
    for (const path of ['/usual.raw', '/signed.raw/pic', '/both.raw.m3u', '/play/near']) {
      const { status, body } = await ask(site().url + path, 'OPTIONS', {});
      assert.ok([200, 204, 405].includes(status) && body.length < 30, `${path}: ${status} ${body}`);
    }
  });

  it('ends who may not listen any more within seconds, and nobody else', async () => {
    const keyTwo = await site().sign('/signed.raw');
    await site().writeKeys(keys[1], keys[0]);
    const keyOne = await site().sign('/signed.raw');
    await site().writeKeys(...keys);
    const [alice, bob, first, second, near, open] = await Promise.all([
      site().listen('/usual.raw', { login: ['alice', 'ecila'] }),
      site().listen('/both.raw', { login: ['bob', 'bob'] }),
      site().listen('/signed.raw', { query: keyTwo }),
      site().listen('/signed.raw', { query: keyOne }),
      site().listen('/near.raw', { address: '203.0.113.7' }),
      site().listen('/open.raw', {}),
    ]);
    await site().writeUsers('alice', 'carol');
    await eventually(`bob is ended:\n${site().output}`, () => bob.ended);
    await Promise.all([alice, first, second, near, open].map((listening) => listening.hearsMore()));
    assert.equal((await ask(`${site().url}/usual.raw`, 'GET', { login: ['bob', 'bob'] })).status, 401);
    await site().writeKeys(keys[0]);
    await eventually(`the listener with the key that is gone is ended:\n${site().output}`, () => second.ended);
    await Promise.all([alice, first, near, open].map((listening) => listening.hearsMore()));
    const text = await readFile(site().file, 'utf8');
    await writeFile(site().file, text.replaceAll('"203.0.113.66"', '"203.0.113.7"'));
    await eventually(`the listener at the denied address is ended:\n${site().output}`, () => near.ended);
    await Promise.all([alice, first, open].map((listening) => listening.hearsMore()));
    for (const listening of [alice, first, open]) listening.leave();
    await eventually('access lines', () => / - bob \[.*"GET \/both\.raw HTTP\/1\.1" 200 .* revoked/.test(site().output));
    assert.match(site().output, /"GET \/signed\.raw\?expires=\d+&signature=\*+ HTTP\/1\.1" 200 .* revoked/);
    await writeFile(site().file, text);
    await site().writeUsers('alice', 'bob', 'carol');
    await eventually('bob may listen again', async () => (await ask(`${site().url}/usual.raw`, 'HEAD', { login: ['bob', 'bob'], address: `198.51.100.${Math.floor(Math.random() * 250)}` })).status === 200);
  });

  it('shows no secret, and says which streams are not for everybody', async () => {
    const { streams } = (await (await fetch(`${site().url}/stat.json`)).json()) as { streams: readonly { name: string; protected?: true }[] };
    assert.deepEqual(streams.filter((stream) => stream.protected === true).map(({ name }) => name).sort(), ['both', 'near', 'nearUsers', 'signed', 'usual']);
    const pages = await Promise.all(['/', '/stat', '/stat.json', '/play/open'].map(async (path) => (await fetch(site().url + path)).text()));
    const printed = await Promise.all(['check', 'render', 'plan'].map(async (verb) => (await runWeir([verb, '-f', site().file])).output));
    for (const secret of [...Object.values(users).map((hash) => hash.slice(-20)), ...keys, 'ecila', 'lorac']) {
      assert.ok(![...pages, ...printed, site().output].some((text) => text.includes(secret)), secret);
    }
    assert.match(printed[1] ?? '', /htpasswd_file: .*users\n/);
  });
}

/** What an edge does by itself. */
function alone(site: () => Site): void {
  it('leads on with a signed link: in playlists, and in the page that plays', async () => {
    const { code, output } = await runWeir(['sign', `${site().url}/signed.raw`, '--key-file', join(site().folder, 'keys'), '--expires', '1h', '--until', '2h', '--address', '127.0.0.0/8']);
    assert.equal(code, 0, output);
    const link = new URL(output.trim()).search.slice(1);
    const { body } = await ask(`${site().url}/signed.raw.m3u`, 'GET', { query: link });
    assert.equal(new URL(body.trim()).search, `?${link}`);
    assert.ok((await ask(`${site().url}/play/signed`, 'GET', { query: link })).body.includes(link.replaceAll('&', '&amp;')));
    assert.equal((await ask(`${site().url}/signed.raw`, 'GET', { query: link })).status, 200);
    assert.equal((await ask(`${site().url}/signed.raw`, 'GET', { query: link, address: '203.0.113.7' })).status, 403);
  });

  it('ends who listens by a link when its time is over', async () => {
    const listening = await site().listen('/both.raw', { query: await site().sign('/both.raw', 5) });
    await listening.hearsMore();
    await eventually('its end', () => listening.ended);
    await eventually('the access line', () => /both\.raw\?expires=\d+&until=\d+&signature=\*+ .* limit/.test(site().output));
  });

  it('slows guessing down for the user name that is guessed at, and keeps nobody else out', async () => {
    const address = '192.0.2.7';
    assert.equal((await ask(`${site().url}/usual.raw`, 'HEAD', { login: ['alice', 'ecila'], address })).status, 200);
    const told: number[] = [];
    for (let count = 0; count < 12; count++) told.push((await ask(`${site().url}/usual.raw`, 'HEAD', { login: ['carol', `guess ${count}`], address })).status);
    assert.deepEqual(told, [...Array.from({ length: 10 }, () => 401), 429, 429]);
    const { status, headers } = await ask(`${site().url}/usual.raw/pic`, 'GET', { login: ['carol', 'guess'], address });
    assert.equal(status, 429);
    assert.ok(Number(headers['retry-after']) > 0 && Number(headers['retry-after']) <= 60);
    for (const login of [['alice', 'ecila'], ['bob', 'bob']] as const) {
      assert.equal((await ask(`${site().url}/usual.raw`, 'HEAD', { login, address })).status, 200);
    }
    assert.equal((await ask(`${site().url}/usual.raw`, 'HEAD', { login: ['carol', 'lorac'], address: '192.0.2.8' })).status, 200);
    for (let count = 0; count < 10; count++) await ask(`${site().url}/usual.raw`, 'HEAD', { login: ['carol', `guess ${count}`], address: `2001:db8:1:2::${count}` });
    assert.equal((await ask(`${site().url}/usual.raw`, 'HEAD', { login: ['carol', 'guess'], address: '2001:db8:1:2:3::9' })).status, 429);
  });

  it('keeps listeners at their media through a thousand wrong passwords', async () => {
    const listener = StayingListener.listen(`${site().url}/open.raw`);
    await eventually('media', () => listener.bytes > 500);
    listener.forget();
    const told = new Map<number, number>();
    for (let batch = 0; batch < 5; batch++) {
      const asked = Array.from({ length: 200 }, (_, index) => ask(`${site().url}/usual.raw`, 'GET', { login: ['alice', `guess ${index}`], address: `10.1.${batch}.${index}` }));
      const from = listener.bytes;
      for (const { status } of await Promise.all(asked)) told.set(status, (told.get(status) ?? 0) + 1);
      await eventually('media goes on', () => listener.bytes > from + 500);
    }
    assert.deepEqual([...told.keys()].filter((status) => status !== 401 && status !== 503), []);
    assert.ok((told.get(401) ?? 0) > 20, JSON.stringify([...told]));
    // As long as a stream's max_lag: a listener who was kept from its media for longer is moved on, which is a skip.
    assert.ok(listener.silenceMillis < 10_000 && !listener.ended, `${listener.silenceMillis} ms without media`);
    listener.leave();
    await eventually('an access line without a skip', () => /"GET \/open\.raw HTTP\/1\.1" 200 \d{4,} "-" "-" [\d.]+ 0 left/.test(site().output));
  });
}

interface Push {
  readonly status: Promise<number>;
  readonly ended: () => boolean;
  readonly leave: () => void;
}

/** Somebody who pushes until it is ended; the answer's status when there is one. */
function push(url: string, shown: Shown): Push {
  let ended = false;
  const asking = request(`${url}/studio.raw`, { method: 'PUT', agent: false, headers: { ...headersOf(shown), 'Content-Type': 'application/octet-stream', 'Transfer-Encoding': 'chunked' } });
  const timer = setInterval(() => asking.write('b'.repeat(64)), 20);
  const status = new Promise<number>((resolve) => {
    asking.once('response', (response) => resolve(response.resume().statusCode ?? 0));
    asking.once('error', () => resolve(0));
  });
  asking.once('close', () => {
    ended = true;
    clearInterval(timer);
  });
  return { status, ended: () => ended, leave: () => asking.destroy() };
}

async function written(): Promise<{ readonly file: string; readonly remove: () => Promise<void> }> {
  const made = await writeConfiguration(configuration());
  const folder = dirname(made.file);
  await writeFile(join(folder, 'users'), Object.entries(users).map(([user, hash]) => `${user}:${hash}\n`).join(''));
  await writeFile(join(folder, 'keys'), `${keys.join('\n')}\n`);
  return made;
}

describe('access control in standalone', () => {
  let site: Site;
  let remove: () => Promise<void>;
  before(async () => {
    const made = await written();
    remove = made.remove;
    const weir = new Weir(['up', '-f', made.file]);
    site = new Site(await weir.url(), made.file, [weir]);
  });
  after(async () => {
    await site.processes[0]?.stop();
    await remove();
  });

  access(() => site);
  alone(() => site);

  /** Somebody who pushes, and comes again as encoders do, until listeners hear it. */
  async function pushed(shown: Shown): Promise<Push> {
    let source = push(site.url, shown);
    const listening = site.listen('/studio-out.raw', {});
    await eventually('a source is heard', async () => {
      if (source.ended()) source = push(site.url, shown);
      return (await listening).bytes > 200;
    }).catch((error: unknown) => assert.fail(`${String(error)}\n${site.output}`));
    (await listening).leave();
    return source;
  }

  it('takes sources of the users in the file, from where they may come, and ends who may not send any more', async () => {
    assert.equal(await push(site.url, { login: ['bob', 'wrong'] }).status, 401);
    assert.equal(await push(site.url, { login: ['bob', 'bob'], address: '198.51.100.7' }).status, 403);
    assert.equal(await push(site.url, { login: ['bob', 'bob'], address: '203.0.113.66' }).status, 403);
    const bob = await pushed({ login: ['bob', 'bob'], address: '203.0.113.7' });
    await site.writeUsers('alice', 'carol');
    await eventually(`bob is ended:\n${site.output}`, () => bob.ended());
    assert.equal(await push(site.url, { login: ['bob', 'bob'] }).status, 401);
    (await pushed({ login: ['carol', 'lorac'] })).leave();
  });

  it('refuses a file with what it cannot check, and leaves the old one in force', async () => {
    await writeFile(join(site.folder, 'users'), 'alice:plain text\n');
    await eventually('the reason', () => /users:1:1: the password is neither bcrypt, apr1 nor \{SHA\}: make the line anew with htpasswd -B FILE USER/.test(site.output));
    assert.equal((await ask(`${site.url}/usual.raw`, 'HEAD', { login: ['alice', 'ecila'] })).status, 200);
    assert.ok(!site.output.includes('plain text\n'));
  });
});

describe('access control of a fleet', () => {
  let site: Site;
  let nats: NatsServer;
  let remove: () => Promise<void>;
  before(async () => {
    const made = await written();
    remove = made.remove;
    nats = await NatsServer.start();
    const fleet = ['--nats', nats.url];
    const control = new Weir(['control', '-f', made.file, '--listen', '127.0.0.1:0', ...fleet]);
    const ingest = new Weir(['ingest', ...fleet]);
    const edge = new Weir(['edge', '--listen', '127.0.0.1:0', ...fleet]);
    site = new Site(await edge.url(), made.file, [edge, control, ingest]);
    await eventually('the edge has its configuration', async () => (await ask(`${site.url}/open.raw`, 'HEAD', {})).status === 200);
  });
  after(async () => {
    await Promise.all(site.processes.map((weir) => weir.stop()));
    await nats.kill({ forget: true });
    await remove();
  });

  access(() => site);
});
