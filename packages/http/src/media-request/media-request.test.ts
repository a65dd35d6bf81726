import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import test from 'node:test';
import { MediaRequest } from './media-request.ts';
import type { MediaEnd } from './media-request.ts';

interface Answer {
  readonly text: string;
  /** Left open after it. */
  readonly open?: boolean;
}

/** A server whose answers are by path; it keeps the heads of its requests. */
async function serve(answers: (server: Server) => Readonly<Record<string, Answer>>): Promise<{ readonly origin: string; readonly heads: readonly string[]; close(): void }> {
  const heads: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const head = bytes.toString('latin1');
      heads.push(head);
      const answer = answers(server)[head.split(' ', 2)[1] ?? ''];
      if (answer === undefined) socket.destroy();
      else if (answer.open === true) socket.write(answer.text);
      else socket.end(answer.text);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heads, close: () => server.close() };
}

async function get(url: string): Promise<{ readonly media: string; readonly end: MediaEnd }> {
  return await new Promise((resolve) => {
    let media = '';
    new MediaRequest(new URL(url), { userAgent: 'test' }, { onHead: () => {}, onBytes: (bytes) => (media += Buffer.from(bytes).toString()), onEnd: (end) => resolve({ media, end }) });
  });
}

const ok = 'HTTP/1.1 200 OK\r\n';
const cases: readonly { name: string; answer: string; media?: string; kind: MediaEnd['kind']; says: RegExp }[] = [
  { name: 'a body that ends with the connection', answer: `${ok}\r\nmedia`, media: 'media', kind: 'complete', says: /ended the stream$/ },
  { name: 'what SHOUTcast answers', answer: 'ICY 200 OK\r\nicy-name:a\r\n\r\nmedia', media: 'media', kind: 'complete', says: /ended the stream$/ },
  { name: 'a body of chunks', answer: `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nmedia\r\n0\r\n\r\n`, media: 'media', kind: 'complete', says: /ended the stream$/ },
  { name: 'a body that is cut short', answer: `${ok}Content-Length: 9\r\n\r\nmedia`, media: 'media', kind: 'failed', says: /in the middle of its body$/ },
  { name: 'what is no HTTP', answer: 'SSH-2.0-OpenSSH_9.2\r\n\r\n', kind: 'failed', says: /gives no answer that HTTP knows: no HTTP status line: "SSH-2\.0/ },
  { name: 'a broken chunk', answer: `${ok}Transfer-Encoding: chunked\r\n\r\nfive\r\nmedia`, kind: 'failed', says: /not chunked as announced$/ },
  { name: 'a refusal without login', answer: 'HTTP/1.1 401 Unauthorized\r\n\r\nno', kind: 'failed', says: /answers 401 Unauthorized: it wants a user and password; write them into the URL/ },
  { name: 'a missing stream', answer: 'HTTP/1.0 404 Not Found\r\n\r\nno', kind: 'failed', says: /answers 404 Not Found: it has no such stream now/ },
  { name: 'a redirect without target', answer: 'HTTP/1.1 302 Found\r\n\r\n', kind: 'failed', says: /redirects without saying where to$/ },
  { name: 'a redirect away from HTTP', answer: 'HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n', kind: 'failed', says: /which is not HTTP$/ },
  { name: 'a redirect to itself', answer: 'HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n', kind: 'failed', says: /the 6th redirect in a row: is it a circle\?$/ },
  { name: 'a head without end', answer: `${ok}${'a: b\r\n'.repeat(5000)}`, kind: 'failed', says: /head has more than 16384 bytes$/ },
  { name: 'a hang-up', answer: '', kind: 'failed', says: /closed the connection without an answer$/ },
];
for (const { name, answer, media = '', kind, says } of cases) {
  test(`media request: understands ${name}`, async () => {
    const server = await serve(() => ({ '/': { text: answer } }));
    const got = await get(`${server.origin}/`);
    server.close();
    assert.deepEqual([got.media, got.end.kind], [media, kind]);
    assert.match(got.end.description, says);
  });
}

test('media request: a user and password go to their own origin alone, redirected or not', async () => {
  const other = await serve(() => ({ '/refused': { text: 'HTTP/1.1 401 Unauthorized\r\n\r\n' } }));
  const server = await serve(() => ({
    '/': { text: 'HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n' },
    '/there': { text: `HTTP/1.1 307 Temporary Redirect\r\nLocation: ${other.origin}/refused\r\n\r\n` },
  }));
  const { end } = await get(`${server.origin.replace('//', '//anna:se%40cret@')}/`);
  server.close();
  other.close();
  const basic = `Authorization: Basic ${Buffer.from('anna:se@cret').toString('base64')}`;
  assert.deepEqual(server.heads.map((head) => head.includes(basic)), [true, true]);
  assert.deepEqual(other.heads.map((head) => /authorization/i.test(head)), [false]);
  assert.match(end.description, /a user and password are not sent on to another server/);
  assert.doesNotMatch(end.description, /anna|cret/);
});

test('media request: tells of a server that is not there', async () => {
  const server = await serve(() => ({}));
  server.close();
  const { end } = await get(`${server.origin}/a?token=secret`);
  assert.equal(end.kind, 'failed');
  assert.match(end.description, /\/a\?token=\*\*\*: 127\.0\.0\.1:\d+ refuses connections: does the server run, on this port\?$/);
});

test('media request: tells nothing more once it is stopped, and hangs up', async () => {
  const server = await serve(() => ({ '/': { text: `${ok}\r\nmedia`, open: true } }));
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    const request = new MediaRequest(new URL(`${server.origin}/`), { userAgent: 'test' }, {
      onHead: () => told.push('head'),
      onBytes: () => {
        told.push('bytes');
        request.stop();
        resolve();
      },
      onEnd: () => told.push('end'),
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  server.close();
  assert.deepEqual(told, ['head', 'bytes']);
});
