import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { StayingListener } from '../support/listeners.ts';
import { exchange } from '../support/raw-http.ts';
import { adminToken, openEveryPort, pushPassword } from './every-port.ts';
import type { EveryPort, Port } from './every-port.ts';

const login = Buffer.from(`source:${pushPassword}`).toString('base64');
const host = 'Host: weir.example\r\n';

/** Heads that no port takes; each is answered with one of these, and the connection closed. */
const refusedHeads: readonly { readonly name: string; readonly request: string; readonly status: RegExp }[] = [
  { name: 'a head of more than 16 KiB', request: `GET / HTTP/1.1\r\n${host}X-A: ${'a'.repeat(17 * 1024)}\r\n\r\n`, status: /^HTTP\/1\.1 431 / },
  { name: 'thousands of header lines', request: `GET / HTTP/1.1\r\n${host}${'a:\r\n'.repeat(5000)}\r\n`, status: /^HTTP\/1\.1 431 / },
  { name: 'a path of 20 KB', request: `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, status: /^HTTP\/1\.1 431 / },
  { name: 'a password of 20 KB', request: `GET / HTTP/1.1\r\n${host}Authorization: Basic ${'a'.repeat(20_000)}\r\n\r\n`, status: /^HTTP\/1\.1 431 / },
  { name: 'two lengths of one body', request: `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, status: /^HTTP\/1\.1 400 / },
  { name: 'a length beside chunks', request: `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, status: /^HTTP\/1\.1 400 / },
  { name: 'a header that is folded', request: `GET / HTTP/1.1\r\n${host}X-A: a\r\n b: c\rd\r\n\r\n`, status: /^HTTP\/1\.1 400 / },
  { name: 'a path that is none', request: `GET weir HTTP/1.1\r\n${host}\r\n`, status: /^HTTP\/1\.1 400 / },
  { name: 'no host in HTTP/1.1', request: 'GET / HTTP/1.1\r\n\r\n', status: /^HTTP\/1\.1 400 / },
];

/** What is sent once, and then nothing more: the connection is closed. */
const slow: readonly { readonly name: string; readonly first: string; readonly dripped: string; readonly at: RegExp }[] = [
  { name: 'says nothing', first: '', dripped: '', at: /./ },
  { name: 'never ends the head of a GET', first: `GET / HTTP/1.1\r\n${host}X-A: `, dripped: 'a', at: /./ },
  { name: 'never ends the head of a PUT', first: `PUT /push.raw HTTP/1.1\r\n${host}X-A: `, dripped: 'a', at: /./ },
  { name: 'never ends a body of JSON', first: `PUT /admin/log-level HTTP/1.1\r\n${host}Authorization: Bearer ${adminToken}\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{`, dripped: ' ', at: /standalone|control/ },
  { name: 'never ends a form of metadata', first: `POST /admin/metadata HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nmode=`, dripped: 'a', at: /standalone|ingest/ },
  { name: 'never ends a body that nobody wants', first: `POST /stat.json HTTP/1.1\r\n${host}Content-Length: 4000\r\n\r\n`, dripped: 'a', at: /./ },
  { name: 'pushes nothing', first: `PUT /push.raw HTTP/1.1\r\n${host}Authorization: Basic ${login}\r\nContent-Type: application/octet-stream\r\n\r\n`, dripped: '', at: /^standalone|^ingest/ },
];

/** Closed after the request's 30 s at the latest, and what the machine takes. */
const closedMillisMax = 90_000;

describe('every port', () => {
  let every: EveryPort;
  let listener: StayingListener;
  before(async () => {
    every = await openEveryPort();
    listener = StayingListener.listen(`${portNamed('standalone').url}/ticking.raw`);
    await eventually('the listener hears something', () => listener.bytes > 0);
  });
  after(async () => {
    listener.leave();
    await every.close();
  });

  const portNamed = (name: string): Port => every.ports.find((port) => port.name === name) ?? assert.fail(name);

  it('refuses heads that are too large or contradict themselves', async () => {
    for (const { name, url } of every.ports) {
      for (const { name: what, request, status } of refusedHeads) {
        const { answer, ended } = await exchange(url, request, () => false);
        assert.match(answer.toString('latin1').split('\r\n', 1)[0] ?? '', status, `${name}, ${what}`);
        assert.equal(ended, true);
      }
    }
  });

  it('closes who is slow, wherever they are slow, and the listeners hear nothing of it', async () => {
    listener.forget();
    await Promise.all(
      every.ports.flatMap(({ name, url }) => slow.filter(({ at }) => at.test(name)).map(({ name: what, first, dripped }) => assertClosed(url, first, dripped, `${name}: who ${what} is closed`))),
    );
    assert.equal(listener.ended, false);
    assert.ok(listener.silenceMillis < 5000, `${listener.silenceMillis} ms without a sound`);
  });

  it('takes no body that is compressed', async () => {
    const bomb = { 'Content-Encoding': 'gzip' };
    const authorization = `Bearer ${adminToken}`;
    for (const name of ['standalone', 'control']) {
      const answer = await fetch(`${portNamed(name).url}/admin/log-level`, { method: 'PUT', headers: { ...bomb, 'Content-Type': 'application/json', Authorization: authorization }, body: '{"level":"info"}' });
      assert.equal(answer.status, 415, name);
    }
    for (const name of ['standalone', 'ingest']) {
      const { url } = portNamed(name);
      const form = await fetch(`${url}/admin/metadata`, { method: 'POST', headers: { ...bomb, 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'mode=updinfo&mount=/push.raw&song=a' });
      assert.equal(form.status, 415, name);
      const push = await fetch(`${url}/push.raw`, { method: 'PUT', headers: { ...bomb, 'Content-Type': 'application/octet-stream', Authorization: `Basic ${login}` }, body: 'media' });
      assert.equal(push.status, 415, name);
    }
  });

  it('answers afterwards as before, and has reported no fault', async () => {
    for (const { name, url, path, process } of every.ports) {
      assert.equal((await fetch(url + path)).status, path === '' ? 404 : 200, name);
      assert.doesNotMatch(process.output, / error /, name);
    }
  });
});

/** Sends `first`, then `dripped` each second, until the other side closes. */
function assertClosed(url: string, first: string, dripped: string, what: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => first !== '' && socket.write(first));
    const dripping = setInterval(() => dripped !== '' && socket.writable && socket.write(dripped), 1000);
    const late = setTimeout(() => reject(new Error(`not after ${closedMillisMax / 1000} s: ${what}`)), closedMillisMax);
    socket.on('error', () => {}).resume();
    socket.once('close', () => {
      clearInterval(dripping);
      clearTimeout(late);
      resolve();
    });
  });
}
