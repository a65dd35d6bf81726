import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Writable } from 'node:stream';
import test from 'node:test';
import { MemoryBus } from '@weir/bus';
import { parseConfiguration } from '@weir/config';
import { Demands } from '@weir/subscriber';
import { createLogger } from '@weir/telemetry';
import { MessageWriter, Subjects } from '@weir/wire';
import { FanOut } from './fan-out.ts';
import { Listener } from './listener.ts';
import { Mount } from './mount.ts';

const identity = { address: '127.0.0.1', method: 'GET', target: '/', httpVersion: '1.0', referer: '', userAgent: '', grant: { by: 'anybody' } as const };

test('mount: a pass that is interrupted goes on with those it has not come to, and nobody misses or repeats a byte', async (context) => {
  const count = 100;
  const bus = new MemoryBus((error) => assert.fail(String(error)));
  const subjects = new Subjects();
  const logger = createLogger({ name: 'test', level: 'error', format: 'text', write: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  const { radio: stream } = parseConfiguration('streams: { radio: { command: cat, join: live } }', 'weir.yml', {}).configuration.streams;
  assert.ok(stream !== undefined);
  const demands = new Demands('edge', bus, subjects);
  const mount = new Mount(stream, { edge: 'edge', bus, subjects, demands, logger, fanOut: new FanOut(), onListenerEnd: () => {} });

  let sequence = 0;
  const publish = (text: string): void => {
    const writer = new MessageWriter((message) => void bus.frames.publish(subjects.frames('radio'), message));
    const provenance = { epoch: 1, group: 1, capturedMillis: Date.now(), discontinuity: false };
    if (sequence === 0) writer.add({ ...provenance, sequence: sequence++, kind: 'init', format: 'mp3', contentType: 'audio/mpeg', payload: new Uint8Array() });
    writer.add({ ...provenance, sequence: sequence++, kind: 'random-access', payload: Buffer.from(text), timeMicros: null });
    writer.flush();
  };
  bus.frames.subscribe(subjects.snapshot('radio'), (_payload, _subject, reply) => void bus.frames.publish(reply ?? '', new Uint8Array()));

  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const received: string[] = [];
  const clients: Socket[] = [];
  context.after(() => {
    mount.close('shutdown');
    demands.close();
    for (const client of clients) client.destroy();
    server.close();
  });
  const listeners: Listener[] = [];
  for (let index = 0; index < count; index++) {
    received.push('');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1').on('error', () => {}).on('data', (text) => (received[index] += String(text)));
    clients.push(client);
    const [socket] = (await once(server, 'connection')) as [Socket];
    const admitted = new Promise<void>((resolve) => {
      mount.admit({ intra: false, header: false }, { mode: 'live' }, new AbortController().signal, (admission) => {
        assert.ok(admission !== null);
        const listener = new Listener(index, socket, admission.cursor, 'identity', identity, null, performance.now());
        listeners.push(listener);
        mount.add(listener);
        resolve();
      });
    });
    if (index === 0) publish('0;');
    await admitted;
  }
  const served = (): number => listeners.filter(({ bytes }, index) => bytes > (index === 0 ? 2 : 0)).length;

  // All in one turn of the loop, so that the fan-out's own passes come after it.
  publish('A;');
  const steps: [isMore: boolean, served: number][] = [];
  for (let each = 0; each < 4; each++) {
    steps.push([mount.pass(-Infinity), served()]);
    if (each === 1) publish('B;');
  }
  assert.deepEqual(steps, [[true, 32], [true, 64], [true, 96], [false, 100]]);
  publish('C;');
  while (mount.pass(-Infinity));
  for (const end = performance.now() + 10_000; received.some((text) => !text.endsWith('C;')) && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([...new Set(received.map((text, index) => (index === 0 ? text.replace('0;', '') : text)))], ['A;B;C;']);
});
