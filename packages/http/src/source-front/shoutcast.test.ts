import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { listenShoutcast } from './shoutcast.ts';
import type { ShoutcastListening } from './shoutcast.ts';
import type { SourceRequest } from './source-request.ts';

const logger = { warn: assert.fail };

describe('SHOUTcast port', () => {
  let server: ShoutcastListening;
  let requests: SourceRequest[] = [];
  let body = '';
  let onEnd: (kind: string) => void = () => {};
  before(async () => {
    server = await listenShoutcast({ host: '127.0.0.1', port: 0 }, {
      admit: (password) => Promise.resolve(password === 'hackme' ? { path: '/live' } : { refusal: 'invalid password' }),
      handle: (request) => {
        requests.push(request);
        request.accept(10_000, { onBytes: (bytes) => (body += Buffer.from(bytes).toString('latin1')), onEnd: ({ kind }) => onEnd(kind) }).start();
      },
    }, { logger });
  });
  after(() => server.close());
  beforeEach(() => {
    requests = [];
    body = '';
  });

  /** Sends the parts, the second when the password is answered; gives all that was told. */
  async function talk(password: string, rest: string): Promise<string> {
    const socket = connect(server.address.port, '127.0.0.1').setEncoding('latin1').on('error', () => {});
    let told = '';
    socket.on('data', (text: string) => {
      told += text;
      if (told.endsWith('\r\n')) socket.end(rest);
    });
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    for (const byte of password) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    return told;
  }

  const greeting = 'OK2\r\nicy-caps:11\r\n\r\n';
  for (const [name, lineEnd] of [['CR LF', '\r\n'], ['CR CR LF', '\r\r\n'], ['LF', '\n']] as const) {
    it(`takes a source whose password ends in ${name}`, async () => {
      const ended = new Promise<string>((resolve) => (onEnd = resolve));
      assert.equal(await talk(`hackme${lineEnd}`, 'icy-name:Radio\r\nicy-br:128\r\ncontent-type:audio/aacp\r\n\r\n\r\nmedia'), greeting);
      assert.equal(await ended, 'complete');
      const [request] = requests;
      assert.deepEqual([request?.method, request?.path, request?.protocol, request?.address], ['SOURCE', '/live', 'shoutcast', '127.0.0.1']);
      assert.deepEqual(Object.fromEntries(request?.headers ?? []), { 'icy-name': 'Radio', 'icy-br': '128', 'content-type': 'audio/aacp' });
      assert.equal(body, '\r\nmedia');
    });
  }

  it('takes the client\'s address from a PROXY protocol header, where one is expected', async () => {
    const proxied = await listenShoutcast({ host: '127.0.0.1', port: 0 }, {
      admit: (_, address) => Promise.resolve({ refusal: `you are ${address}` }),
      handle: () => {},
    }, { logger, expectsProxyHeader: (address) => address === '127.0.0.1' });
    const socket = connect(proxied.address.port, '127.0.0.1').setEncoding('latin1');
    let told = '';
    socket.on('data', (text: string) => (told += text));
    socket.write('PROXY TCP4 192.0.2.7 192.0.2.8 5000 8001\r\nhackme\r\n');
    await new Promise((resolve) => socket.on('close', resolve));
    assert.equal(told, 'you are 192.0.2.7\r\n');
    await proxied.close();
  });

  it('takes a source without headers, and one that does not wait for its answer', async () => {
    const ended = new Promise<string>((resolve) => (onEnd = resolve));
    const socket = connect(server.address.port, '127.0.0.1').on('error', () => {}).resume();
    socket.end('hackme\r\n\r\nmedia');
    assert.equal(await ended, 'complete');
    assert.deepEqual([requests[0]?.headers.size, body], [0, 'media']);
  });

  const refused: readonly [name: string, password: string][] = [
    ['a wrong password', 'letmein\r\n'],
    ['a request of HTTP', 'GET / HTTP/1.1\r\n'],
    ['an endless password', 'a'.repeat(1024)],
  ];
  for (const [name, password] of refused) {
    it(`refuses ${name}`, async () => {
      assert.equal(await talk(password, ''), 'invalid password\r\n');
      assert.equal(requests.length, 0);
    });
  }

  for (const [name, rest] of [['are none', 'icy-name\r\n\r\n'], ['never end', 'icy-name:a\r\n'.repeat(2000)]] as const) {
    it(`drops a source whose headers ${name}`, async () => {
      await talk('hackme\r\n', rest);
      assert.equal(requests.length, 0);
    });
  }
});
