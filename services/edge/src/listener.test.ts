import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import test from 'node:test';
import { Cursor } from '@weir/ring';
import { stalledMillis } from './limits.ts';
import { Listener } from './listener.ts';

const identity = { address: '127.0.0.1', method: 'GET', target: '/', httpVersion: '1.1', referer: '', userAgent: '', grant: { by: 'anybody' } as const };

test('listener: who is ended cleanly and keeps the connection open all the same is not waited for', async (context) => {
  // As the HTTP server has its sockets.
  const server = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => {});
  const [socket] = (await once(server, 'connection')) as [Socket];
  context.after(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  socket.resume();
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const listener = new Listener(1, socket, new Cursor(0), 'chunked', identity, null, 0);
  listener.end('removed');
  client.resume();
  await once(client, 'end');
  assert.equal(socket.destroyed, false);
  context.mock.timers.tick(stalledMillis);
  assert.equal(socket.destroyed, true);
});
