import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { Weir } from '../support/weir.ts';

describe('NATS over TLS', () => {
  let folder: string;
  let nats: NatsServer;
  let strict: NatsServer;
  const services: Weir[] = [];
  const path = (name: string): string => join(folder, `${name}.pem`);
  const edge = (...argv: string[]): Weir => {
    const service = new Weir(['edge', '--listen', '127.0.0.1:0', ...argv]);
    services.push(service);
    return service;
  };
  const address = (server: NatsServer): string => server.url.replace('nats://', 'tls://e:s3cret@');
  const waits = (service: Weir, reason: RegExp): Promise<boolean> =>
    eventually(`it waits for ${reason.source}; it said:\n${service.output}`, () => reason.test(service.output));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-tls-'));
    for (const name of ['server', 'client', 'other']) {
      const { key, cert } = selfSigned();
      await writeFile(path(name), cert);
      await writeFile(path(`${name}-key`), key);
    }
    const own = ['--tls', '--tlscert', path('server'), '--tlskey', path('server-key')];
    const login = { user: 'e', password: 's3cret' };
    [nats, strict] = await Promise.all([
      NatsServer.start({ jetStream: true, login, argv: own }),
      NatsServer.start({ jetStream: true, login, argv: [...own, '--tlsverify', '--tlscacert', path('client')] }),
    ]);
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await Promise.all([nats.stop(), strict.stop()]);
    await rm(folder, { recursive: true });
  });

  it('is spoken to a server whose certificate is of the authority that was given', async () => {
    const service = edge('--nats', address(nats), '--nats-ca', path('server'));
    await service.url();
    assert.match(service.output, /connected to NATS/);
  });

  it('is not spoken to another, and the reason is told without the password', async () => {
    const service = edge('--nats', address(nats), '--nats-ca', path('other'));
    await waits(service, /waiting for NATS .*reason="?self-signed certificate/);
    assert.doesNotMatch(service.output, /s3cret/);
  });

  it('needs a client certificate where the server asks for one', async () => {
    const without = edge('--nats', address(strict), '--nats-ca', path('server'));
    await waits(without, /waiting for NATS .*reason="no answer in time: .* wants a client certificate/);
    const service = edge('--nats', address(strict), '--nats-ca', path('server'), '--nats-cert', path('client'), '--nats-key', path('client-key'));
    await service.url();
  });

  it('is insisted on: a server without it gets no password', async () => {
    const plain = await NatsServer.start();
    const service = edge('--nats', address(plain));
    try {
      await waits(service, /waiting for NATS .*reason="the server has no TLS"/);
    } finally {
      await plain.stop();
    }
  });

  it('tells of a file that is not there', async () => {
    await waits(edge('--nats', address(nats), '--nats-ca', path('nonsuch')), /waiting for NATS .*nonsuch\.pem doesn't exist/);
  });
});
