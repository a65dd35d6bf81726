import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import test, { afterEach, describe, it } from 'node:test';
import { ConnectionLimit, connectionsMaxOf, descriptorsMax } from './connection-limit.ts';
import { addProxyFront } from './proxy-front.ts';

const cases: readonly [descriptors: number, main: number, side: number][] = [
  [65, 1, 12],
  [120, 56, 12],
  [1024, 871, 30],
  [20_000, 17_952, 256],
  [1_048_576, 1_046_528, 256],
  [Infinity, Infinity, 256],
];
for (const [descriptors, main, side] of cases) {
  test(`connections: a process with ${descriptors} descriptors`, () => assert.deepEqual(connectionsMaxOf(descriptors), { main, side }));
}

test('connections: the system tells how many descriptors there are', () => assert.ok(descriptorsMax() > 64));

describe('a limit of connections', () => {
  let server: Server;
  let open: Socket[] = [];
  afterEach(async () => {
    for (const socket of open) socket.destroy();
    open = [];
    await new Promise((resolve) => server.close(resolve));
  });

  /** A server that says "hello" to whom it takes, with PROXY protocol from this machine. */
  async function serve(connectionsMax: number, trusted: readonly string[] = []): Promise<{ limit: ConnectionLimit; warnings: unknown[]; ask: (header: string) => Promise<string> }> {
    const warnings: unknown[] = [];
    server = createServer((socket) => socket.on('error', () => {}).write('hello'));
    const limit = new ConnectionLimit(connectionsMax, (address) => trusted.includes(address), { warn: (message, fields) => warnings.push({ message, ...fields }) });
    limit.boundEach(server);
    addProxyFront(server, () => true);
    limit.boundAll(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (from: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1').setEncoding('latin1').on('error', () => {});
        open.push(socket);
        socket.on('data', (text) => resolve(String(text))).on('close', () => resolve('closed'));
        socket.write(from === '' ? 'PROXY UNKNOWN\r\n' : `PROXY TCP${from.includes(':') ? 6 : 4} ${from} ${from.includes(':') ? '::1' : '127.0.0.1'} 5000 80\r\n`);
      });
    return { limit, warnings, ask };
  }

  const leave = async (count: number): Promise<void> => {
    const leaving = open.splice(0, count);
    await Promise.all(leaving.map((socket) => new Promise((resolve) => socket.on('close', resolve).destroy())));
  };

  it('closes at once what comes when all are taken, says so once, and takes as many as have left', async () => {
    const { limit, warnings, ask } = await serve(3);
    const all = ['', '', ''];
    assert.deepEqual(await Promise.all(all.map(ask)), ['hello', 'hello', 'hello']);
    assert.deepEqual([await ask(''), await ask('')], ['closed', 'closed']);
    assert.equal(limit.dropped, 2);
    assert.deepEqual(warnings, [{ message: 'a connection was closed at once', address: '127.0.0.1', reason: 'all 3 connections of the port are taken; `ulimit -n` decides how many there are' }]);
    await leave(2);
    let answer = '';
    for (const end = performance.now() + 10_000; answer !== 'hello' && performance.now() < end; ) answer = await ask('');
    assert.equal(answer, 'hello');
  });

  it('leaves half of them to others than one address, whatever that opens', async () => {
    const { warnings, ask } = await serve(8);
    const flood = await Promise.all(Array.from({ length: 4 }, () => ask('203.0.113.7')));
    assert.deepEqual(flood, ['hello', 'hello', 'hello', 'hello']);
    assert.equal(await ask('203.0.113.7'), 'closed');
    assert.equal(await ask('203.0.113.8'), 'hello');
    assert.deepEqual(warnings, [{ message: 'a connection was closed at once', address: '203.0.113.7', reason: 'it has 4 connections, all that one address may have; list it in edge.trusted_proxies if it is a load balancer' }]);
    await leave(1);
    let answer = '';
    for (const end = performance.now() + 10_000; answer !== 'hello' && performance.now() < end; ) answer = await ask('203.0.113.7');
    assert.equal(answer, 'hello');
  });

  it('counts a network of 64 bits as one address', async () => {
    const { ask } = await serve(4);
    assert.deepEqual([await ask('2001:db8::1'), await ask('2001:db8::2'), await ask('2001:db8::3'), await ask('2001:db8:0:1::1')], ['hello', 'hello', 'closed', 'hello']);
  });

  it('lets this machine and trusted proxies have all, as they speak for many', async () => {
    const { ask } = await serve(6, ['192.0.2.1']);
    const froms = ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.1', '', ''];
    assert.deepEqual(await Promise.all(froms.map(ask)), froms.map(() => 'hello'));
  });
});
