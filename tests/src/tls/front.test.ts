import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { connect as connectSecurely } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { createApp, listen, parseAddress, proxiedAddress, ServedCertificate, TrustedProxies } from '@weir/http';
import type { Certificate, Listening, SourceRequest } from '@weir/http';
import { eventually, pause } from '../support/eventually.ts';
import { exchange } from '../support/raw-http.ts';
import { selfSigned } from '../support/self-signed.ts';

const timeoutMillis = 700;
const first = selfSigned();
const second = selfSigned();
const certificateOf = (pem: { cert: string; key: string }): Certificate => ({ ...pem, names: '', expiresMillis: 0 });

/** Refuses SOURCE, and takes what is PUT to its end. */
let body = '';
function handle(request: SourceRequest): void {
  if (request.method === 'SOURCE') request.answer(403, `from ${request.address}`);
  else request.accept(timeoutMillis, { onBytes: (bytes) => (body += Buffer.from(bytes).toString('latin1')), onEnd: ({ kind }) => (body += ` ${kind}`) }).start();
}

const logger = { error: () => {}, warn: () => {} };

describe('a port with a certificate', () => {
  const served = new ServedCertificate(certificateOf(first));
  const failures: string[] = [];
  let proxied = false;
  let server: Listening;
  let port: number;
  before(async () => {
    const app = createApp(logger);
    app.use((context) => {
      context.body = `${context.protocol} ${proxiedAddress(context.req.socket) ?? 'direct'}\n`;
    });
    server = await listen(app, parseAddress('127.0.0.1:0'), {
      logger,
      expectsProxyHeader: () => proxied,
      sources: { handler: { claims: (method) => method !== 'POST', handle }, trusted: () => new TrustedProxies([]) },
      tls: { certificate: served, timeoutMillis, onHandshakeFailed: (address, reason) => failures.push(`${address} ${reason}`) },
    });
    ({ port } = server.address);
  });
  after(() => server.close());
  afterEach(() => {
    failures.length = 0;
    proxied = false;
  });

  it('tells its URL', () => assert.equal(server.url, `https://127.0.0.1:${port}`));

  const ask = (options: ConnectionOptions = {}, request = 'GET / HTTP/1.0\r\n\r\n', send: 'write' | 'end' = 'write'): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connectSecurely({ port, host: '127.0.0.1', ca: [first.cert, second.cert], ...options }, () => socket[send](request));
      socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
      socket.once('error', reject).once('close', () => resolve(answer));
    });

  /** A way to the port that puts bytes in front of a connection, and hands it on in pieces of so many. */
  async function way(front: Buffer, pieceBytes: number): Promise<{ port: number; close: () => void }> {
    const server = createServer({ allowHalfOpen: true }, (from) => {
      const to = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
      to.pipe(from);
      let waiting = front;
      const hand = (): void => {
        to.write(waiting.subarray(0, pieceBytes));
        waiting = waiting.subarray(pieceBytes);
        if (waiting.length > 0) setImmediate(hand);
      };
      from.on('data', (bytes) => {
        const idle = waiting.length === 0 || waiting === front;
        waiting = Buffer.concat([waiting, bytes]);
        if (idle) hand();
      });
      for (const socket of [from, to]) socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port, close: () => server.close() };
  }

  const version2 = Buffer.concat([Buffer.from('\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c', 'latin1'), Buffer.from([203, 0, 113, 9, 127, 0, 0, 1, 0, 1, 0, 2])]);
  const headers: readonly (readonly [what: string, front: Buffer, address: string | null])[] = [
    ['nothing before it', Buffer.alloc(0), null],
    ['a PROXY header, version 1, before it', Buffer.from('PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n'), '203.0.113.7'],
    ['a PROXY header, version 2, before it', version2, '203.0.113.9'],
  ];
  for (const [what, front, address] of headers) {
    for (const pieceBytes of [1, 28, 100_000]) {
      it(`speaks TLS with ${what}, in pieces of ${pieceBytes} bytes`, async () => {
        proxied = address !== null;
        const { port: other, close } = await way(front, pieceBytes);
        assert.match(await ask({ port: other }), new RegExp(`^HTTP/1.1 200 .*\r\n\r\nhttps ${address ?? 'direct'}\n$`, 's'));
        assert.match(await ask({ port: other }, 'SOURCE /x ICE/1.0\r\n\r\n'), new RegExp(`^HTTP/1.1 403 .*from ${address ?? '127.0.0.1'}\n$`, 's'));
        close();
        assert.deepEqual(failures, []);
      });
    }
  }

  it('answers a source that ends its body by ending its side of the connection', async () => {
    assert.match(await ask({}, 'PUT /x HTTP/1.0\r\n\r\nmedia', 'end'), /^HTTP\/1\.1 200 OK\r\n/);
    assert.equal(body, 'media complete');
  });

  for (const request of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'SOURCE /x ICE/1.0\r\n\r\n']) {
    it(`tells who speaks plain HTTP that it is HTTPS: ${request.slice(0, 6)}`, async () => {
      const { answer, ended } = await exchange(`http://127.0.0.1:${port}`, request, () => false);
      assert.match(answer.toString(), /^HTTP\/1\.1 400 Bad Request\r\n.*\r\n\r\nThis port speaks HTTPS: write https:\/\/ in place of http:\/\/\.\n$/s);
      assert.ok(ended);
      assert.deepEqual(failures, ['127.0.0.1 it speaks plain HTTP']);
    });
  }

  it('drops who speaks something else', async () => {
    const { answer } = await exchange(`http://127.0.0.1:${port}`, '\x80\x2e\x01\x00\x02', () => false);
    assert.equal(answer.length, 0);
    assert.deepEqual(failures, ['127.0.0.1 it speaks neither TLS nor HTTP']);
  });

  it('closes who says nothing, or not enough, and serves others meanwhile', async () => {
    const sockets = ['', '\x16', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'].map((text) => connect(port, '127.0.0.1', function (this: Socket) {
      this.write(text, 'latin1');
    }));
    const closed = sockets.map((socket) => new Promise((resolve) => socket.on('error', () => {}).resume().once('close', resolve)));
    // More than nothing now and then is no progress either.
    const trickle = setInterval(() => sockets[2]?.write('\0'), timeoutMillis / 4);
    await pause(timeoutMillis / 4);
    for (let asked = 0; asked < 5; asked++) assert.match(await ask(), /^HTTP\/1\.1 200 /);
    await Promise.all(closed);
    clearInterval(trickle);
    assert.deepEqual(failures.sort(), ['127.0.0.1 it said nothing for 0.7 s', ...Array.from({ length: 2 }, () => '127.0.0.1 its handshake took longer than 0.7 s')]);
  });

  it('tells in one line each of clients who vanish before TLS is there', async () => {
    for (const text of ['', '\x16', '\x16\x03\x01\x02\x00\x01\x00']) {
      for (const leave of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
        const socket = connect(port, '127.0.0.1').on('error', () => {}).resume();
        socket.write(text, 'latin1');
        await pause(20);
        leave(socket);
      }
    }
    await eventually('all are noticed', () => failures.length === 6);
    await pause(100);
    assert.deepEqual(failures, Array.from({ length: 6 }, () => '127.0.0.1 it hung up'));
  });

  for (const [what, options, reason] of [
    ['wants another protocol', { ALPNProtocols: ['h2'] }, 'no application protocol'],
    ['knows old versions alone', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, 'unsupported protocol'],
    ['does not trust the certificate', { ca: [] }, 'it hung up'],
  ] as const) {
    it(`says why a client who ${what} gets nothing`, async () => {
      await assert.rejects(ask({ ...options } as ConnectionOptions));
      await eventually('it is told', () => failures.length > 0);
      assert.deepEqual(failures, [`127.0.0.1 ${reason}`]);
    });
  }

  for (const protocols of [['http/1.1'], ['http/1.0'], ['h2', 'http/1.1']]) {
    it(`serves a client who offers ${protocols.join(' or ')}`, async () => assert.match(await ask({ ALPNProtocols: protocols }), /^HTTP\/1\.1 200 /));
  }

  it('shows another certificate to new connections, and goes on with old ones', async () => {
    const open = (ca: string): Promise<TLSSocket> =>
      new Promise((resolve, reject) => {
        const socket = connectSecurely({ port, host: '127.0.0.1', ca }, () => resolve(socket)).once('error', reject);
      });
    const old = await open(first.cert);
    served.replace(certificateOf(second));
    (await open(second.cert)).destroy();
    await assert.rejects(open(first.cert));
    const answer = new Promise<string>((resolve) => old.setEncoding('latin1').once('data', resolve));
    old.write('GET / HTTP/1.0\r\n\r\n');
    assert.match(await answer, /^HTTP\/1\.1 200 /);
    old.destroy();
  });

  it('closes at once whatever state its clients are in', async () => {
    const another = await listen(createApp(logger), parseAddress('127.0.0.1:0'), { logger, tls: { certificate: served, onHandshakeFailed: (address, reason) => failures.push(`${address} ${reason}`) } });
    const sockets = ['', '\x16\x03\x01\x02\x00'].map((text) => connect(another.address.port, '127.0.0.1', function (this: Socket) {
      this.on('error', () => {}).write(text, 'latin1');
    }));
    const secure = connectSecurely({ port: another.address.port, host: '127.0.0.1', ca: second.cert }).on('error', () => {});
    await new Promise((resolve) => secure.once('secureConnect', resolve));
    await pause(50);
    const closed = [...sockets, secure].map((socket) => new Promise((resolve) => socket.resume().once('close', resolve)));
    await another.close();
    await Promise.all(closed);
    assert.deepEqual(failures, []);
  });
});
