import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { parseConfiguration } from '@weir/config';
import type { Configuration } from '@weir/config';
import { createLogger } from '@weir/telemetry';
import { Mirror } from './mirror.ts';

/** What is applied: the paths of each configuration. */
class Applied {
  readonly told: string[] = [];
  #next: (() => void) | null = null;

  readonly apply = async (configuration: Configuration): Promise<void> => {
    this.told.push(Object.keys(configuration.streams).join(' '));
    this.#next?.();
    if (this.told.length === 2) throw new Error('the bus is away');
    await Promise.resolve();
  };

  async have(count: number): Promise<void> {
    while (this.told.length < count) await new Promise<void>((resolve) => (this.#next = resolve));
  }
}

describe('mirror', () => {
  let paths = ['/a'];
  let server: Server;
  let mirror: Mirror;
  const applied = new Applied();
  before(async () => {
    server = createServer((request, response) => response.writeHead(request.url === '/streamlist.txt' ? 200 : 404).end(paths.join('\n')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const logger = createLogger({ name: 'test', level: 'error', format: 'text', write: new Writable({ write: (_, __, done) => done() }) });
    mirror = new Mirror({ logger, deployment: 'here', before: null, usage: () => () => false, apply: applied.apply });
  });
  after(() => {
    mirror.close();
    server.closeAllConnections();
    server.close();
  });

  it('applies what masters give together with what files name, and again what could not be applied', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { configuration } = parseConfiguration(`masters: { url: "${url}", refresh: 1s }\nstreams: { own: { command: cat } }`, 'weir.yml', {});
    await mirror.apply(configuration);
    assert.deepEqual(applied.told, ['own /a']);
    paths = ['/a', '/b'];
    await applied.have(3);
    assert.deepEqual(applied.told, ['own /a', 'own /a /b', 'own /a /b']);
    await mirror.apply({ ...configuration, masters: [] });
    assert.deepEqual([applied.told.at(-1), mirror.status()], ['own', []]);
  });
});
