import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { createApp } from '../app.ts';
import { TrustedProxies } from '../client-address.ts';
import { headerBytesMax, headersTimeoutMillis } from '../limits.ts';
import { listen } from '../server.ts';
import type { Listening } from '../server.ts';
import type { ConnectionEnd, SourceConnection } from './source-connection.ts';
import type { SourceRequest } from './source-request.ts';

/** What a source was seen to be, and what came of it. */
interface Seen {
  readonly request: SourceRequest;
  readonly connection: SourceConnection;
  body: string;
  end: ConnectionEnd | null;
}

const timeoutMillis = 300;
let seen: Seen[] = [];
let onSeen: () => void = () => {};

/** Accepts everything but /refused, and reads it at once. */
function handle(request: SourceRequest): void {
  if (request.path === '/refused') {
    request.answer(401, 'No.', { 'WWW-Authenticate': 'Basic realm="x"' });
    return;
  }
  if (request.method === 'DELETE') {
    request.answer(204, '');
    return;
  }
  const connection = request.accept(timeoutMillis, {
    onBytes: (bytes) => {
      one.body += Buffer.from(bytes).toString('latin1');
    },
    onEnd: (end) => {
      one.end = end;
      onSeen();
    },
  });
  const one: Seen = { request, connection, body: '', end: null };
  seen.push(one);
  connection.start();
  onSeen();
}

async function until<T>(find: () => T | null | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== null && found !== undefined) return found;
    await new Promise<void>((resolve) => (onSeen = resolve));
  }
}

const ended = (): Promise<ConnectionEnd> => until(() => seen[0]?.end);

const logger = { error: (message: string, fields: unknown) => assert.fail(`${message} ${JSON.stringify(fields)}`), warn: assert.fail };

describe('source front', () => {
  let server: Listening;
  before(async () => {
    const app = createApp(logger);
    app.use(async (context, next) => {
      if (context.path.startsWith('/page')) context.body = `${context.method} ${context.path}\n`;
      else await next();
    });
    const claims = (method: string, path: string): boolean => method === 'SOURCE' || method === 'PUT' || !path.startsWith('/page');
    server = await listen(app, { host: '127.0.0.1', port: 0 }, {
      logger,
      sources: { handler: { claims, handle }, trusted: () => new TrustedProxies(['127.0.0.1']) },
      expectsProxyHeader: (address) => address === '127.0.0.2',
    });
  });
  after(() => server.close());
  beforeEach(() => {
    seen = [];
  });

  /** A connection, what it has been told so far, and its end. */
  function open(localAddress = '127.0.0.1'): { socket: Socket; heard: (pattern: RegExp) => Promise<string>; closed: Promise<string> } {
    const socket = connect({ host: '127.0.0.1', port: server.address.port, localAddress, noDelay: true });
    let text = '';
    let wake = (): void => {};
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      wake();
    });
    socket.on('error', () => {});
    const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
    const heard = async (pattern: RegExp): Promise<string> => {
      while (!pattern.test(text)) await new Promise<void>((resolve) => (wake = resolve));
      return text;
    };
    return { socket, heard, closed };
  }

  it('hands GET on, again and again on one connection, pipelined and split at every byte', async () => {
    const { socket, heard, closed } = open();
    for (const byte of 'GET /page/1 HTTP/1.1\r\nHost: a\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await heard(/GET \/page\/1\n/);
    socket.write('GET /page/2 HTTP/1.1\r\nHost: a\r\n\r\nGET /page/3 HTTP/1.1\r\nHost: a\r\n\r\n');
    await heard(/GET \/page\/3\n/);
    socket.write('POST /page/4 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /page/5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.deepEqual((await closed).match(/[A-Z]+ \/page\/\d/g), ['GET /page/1', 'GET /page/2', 'GET /page/3', 'POST /page/4', 'GET /page/5']);
    assert.equal(seen.length, 0);
  });

  it('hands a POST on that is no source\'s, with its body', async () => {
    const { socket, closed } = open();
    socket.write('POST /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello');
    assert.match(await closed, /^HTTP\/1\.1 200 [^]*POST \/page\n$/);
  });

  it('lets a client end its side before the answer to its GET', async () => {
    const { socket, closed } = open();
    socket.end('GET /page/1 HTTP/1.0\r\n\r\n');
    assert.match(await closed, /GET \/page\/1\n$/);
  });

  const bodies: readonly { name: string; head: string; sent: string; body: string; told: RegExp }[] = [
    { name: 'SOURCE with ICE/1.0', head: 'SOURCE /a ICE/1.0\r\n', sent: 'media\r\n\r\nGET / HTTP/1.1', body: 'media\r\n\r\nGET / HTTP/1.1', told: /^HTTP\/1\.0 200 OK\r\n\r\n$/ },
    { name: 'SOURCE with HTTP/1.1', head: 'SOURCE /a HTTP/1.1\r\nHost: a\r\n', sent: '\xff\xfbmedia', body: '\xff\xfbmedia', told: /^HTTP\/1\.0 200 OK\r\n\r\n$/ },
    { name: 'PUT until the end', head: 'PUT /a HTTP/1.1\r\nHost: a\r\n', sent: 'media', body: 'media', told: /^HTTP\/1\.1 200 OK\r\n[^]*\r\nContent-Length: 0\r\n\r\n$/ },
    { name: 'PUT that waits for 100', head: 'PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n', sent: 'media', body: 'media', told: /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/ },
    { name: 'POST, chunked', head: 'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n', sent: '3\r\nmed\r\n2\r\nia\r\n0\r\n\r\n', body: 'media', told: /^HTTP\/1\.1 200 OK\r\n/ },
    { name: 'PUT with a length', head: 'PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n', sent: 'media and more', body: 'media', told: /^HTTP\/1\.1 200 OK\r\n/ },
    { name: 'PUT of nothing', head: 'PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n', sent: '', body: '', told: /^HTTP\/1\.1 200 OK\r\n/ },
  ];
  for (const { name, head, sent, body, told } of bodies) {
    it(`takes ${name}`, async () => {
      const { socket, closed } = open();
      socket.end(Buffer.from(`${head}\r\n${sent}`, 'latin1'));
      assert.deepEqual(await ended(), { kind: 'complete' });
      assert.equal(seen[0]?.body, body);
      assert.match(await closed, told);
    });
  }

  it('takes a source whose head and body are split at every byte', async () => {
    const { socket, closed } = open();
    for (const byte of 'PUT /split?a=b HTTP/1.1\r\nHost: a\r\nIce-Name: Radio\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nmedia\r\n0\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended();
    assert.deepEqual([seen[0]?.request.path, seen[0]?.request.headers.get('ice-name'), seen[0]?.body], ['/split', 'Radio', 'media']);
    assert.match(await closed, /^HTTP\/1\.1 200 /);
  });

  it('does not let a source wait for more before it gives what has come', async () => {
    const { socket } = open();
    socket.write('PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nfirst');
    const one = await until(() => seen[0]);
    while (one.body !== 'first') await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    assert.equal((await ended()).kind, 'broken');
  });

  const addresses: readonly [name: string, localAddress: string, before: string, header: string, address: string][] = [
    ['the socket says', '127.0.0.3', '', 'X-Forwarded-For: 9.9.9.9', '127.0.0.3'],
    ['a trusted proxy says', '127.0.0.1', '', 'X-Forwarded-For: 203.0.113.9', '203.0.113.9'],
    ['a PROXY protocol header says', '127.0.0.2', 'PROXY TCP4 203.0.113.7 10.0.0.1 8080 80\r\n', 'X: y', '203.0.113.7'],
  ];
  for (const [name, localAddress, preface, header, address] of addresses) {
    it(`gives the client's address as ${name}`, async () => {
      const { socket } = open(localAddress);
      socket.end(`${preface}SOURCE /a ICE/1.0\r\n${header}\r\n\r\nmedia`);
      await ended();
      assert.deepEqual([seen[0]?.request.address, seen[0]?.body], [address, 'media']);
    });
  }

  const broken: readonly { name: string; sent: string; reason: RegExp; told: RegExp }[] = [
    { name: 'falls silent', sent: 'PUT /a HTTP/1.1\r\n\r\nmedia', reason: /nothing came for 0\.3 s/, told: /^HTTP\/1\.1 408 / },
    { name: 'sends what is not chunked', sent: 'PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmedia', reason: /not chunked/, told: /^HTTP\/1\.1 400 / },
  ];
  for (const { name, sent, reason, told } of broken) {
    it(`gives up a source that ${name}`, async () => {
      const { socket, closed } = open();
      socket.write(sent);
      const end = await ended();
      assert.ok(end.kind === 'broken');
      assert.match(end.reason, reason);
      socket.end();
      assert.match(await closed, told);
    });
  }

  it('tells a sized body that ended early from a complete one', async () => {
    const { socket, closed } = open();
    socket.end('PUT /a HTTP/1.1\r\nContent-Length: 10\r\n\r\nmedia');
    assert.equal((await ended()).kind, 'broken');
    assert.match(await closed, /^HTTP\/1\.1 400 /);
  });

  for (const [name, head, kind] of [
    ['takes a reset for the end of a SOURCE that announced none', 'SOURCE /a ICE/1.0\r\n\r\nmedia', 'complete'],
    ['takes a reset in the middle of a chunked SOURCE for what it is', 'SOURCE /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nmedia', 'broken'],
    ['takes a reset of a PUT, which has an answer to wait for, for what it is', 'PUT /a HTTP/1.1\r\n\r\nmedia', 'broken'],
  ] as const) {
    it(name, async () => {
      const { socket } = open();
      socket.write(head);
      const one = await until(() => seen[0]);
      while (one.body !== 'media') await new Promise((resolve) => setImmediate(resolve));
      socket.resetAndDestroy();
      assert.equal((await ended()).kind, kind);
    });
  }

  it('tells why when it ends a source itself, and gives nothing more', async () => {
    const { socket, closed } = open();
    socket.write('PUT /a HTTP/1.1\r\n\r\nmedia');
    const one = await until(() => seen[0]);
    one.connection.close('its feed is gone');
    socket.end('more');
    assert.deepEqual(await ended(), { kind: 'closed', reason: 'its feed is gone' });
    assert.match(await closed, /^HTTP\/1\.1 503 [^]*its feed is gone/);
    assert.ok(!one.body.includes('more'));
  });

  const answers: readonly { name: string; sent: string; told: RegExp }[] = [
    { name: 'the refusal of who sends already', sent: `PUT /refused HTTP/1.1\r\n\r\n${'media'.repeat(100_000)}`, told: /^HTTP\/1\.1 401 [^]*WWW-Authenticate: Basic [^]*\r\n\r\nNo\.\n$/ },
    { name: 'DELETE with 204 and no body', sent: 'DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n', told: /^HTTP\/1\.1 204 No Content\r\n(?![^]*Content-)[^]*\r\n\r\n$/ },
    { name: 'a head that is none with 400', sent: 'SOURCE hackme /live\r\n\r\n', told: /^HTTP\/1\.1 400 [^]*The first line must read/ },
    { name: 'an unknown coding with 501', sent: 'PUT /a HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n', told: /^HTTP\/1\.1 501 / },
    { name: 'a head too long with 431', sent: `PUT /a HTTP/1.1\r\nA: ${'a'.repeat(headerBytesMax)}`, told: /^HTTP\/1\.1 431 / },
    { name: 'garbage as the HTTP server does', sent: '\x16\x03\x01garbage\r\n\r\n', told: /^HTTP\/1\.1 400 / },
    { name: 'a word that begins as a method does', sent: 'PUTTY /page HTTP/1.1\r\nHost: a\r\n\r\n', told: /^HTTP\/1\.1 400 / },
    { name: 'a later PUT on a connection as the HTTP server does', sent: 'GET /page/1 HTTP/1.1\r\nHost: a\r\n\r\nPUT /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx', told: /GET \/page\/1\nHTTP\/1\.1 404 / },
  ];
  for (const { name, sent, told } of answers) {
    it(`answers ${name}`, async () => {
      const { socket, closed } = open();
      socket.end(Buffer.from(sent, 'latin1'));
      assert.match(await closed, told);
      assert.equal(seen.length, 0);
    });
  }

  for (const [name, sent] of [['nothing', ''], ['half a head', 'SOURCE /a ICE/1.0\r\nice-name: a'], ['half a method', 'PO']] as const) {
    it(`does not wait forever for a client that sends ${name}`, async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        const { socket, closed } = open();
        const accepted = new Promise<Socket>((resolve) => server.server.once('connection', resolve));
        socket.write(sent);
        const there = await accepted;
        const gone = new Promise((resolve) => there.once('close', resolve));
        while (there.bytesRead < sent.length) await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(headersTimeoutMillis);
        socket.end();
        assert.match(await closed, /^HTTP\/1\.1 408 /);
        await gone;
      } finally {
        mock.timers.reset();
      }
    });
  }

  it('leaves no connection open when the server closes', async () => {
    const app = createApp(logger);
    const other = await listen(app, { host: '127.0.0.1', port: 0 }, { logger, sources: { handler: { claims: () => true, handle }, trusted: () => new TrustedProxies([]) } });
    const sockets = ['', 'PUT /a', 'PUT /a HTTP/1.1\r\n\r\nmedia', 'GET /'].map((sent) => {
      const socket = connect(other.address.port, '127.0.0.1').on('error', () => {});
      socket.write(sent);
      return socket;
    });
    await until(() => seen[0]);
    const gone = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve).resume())));
    await other.close();
    await gone;
    assert.equal((await ended()).kind, 'broken');
  });
});
