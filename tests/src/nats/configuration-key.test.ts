import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { NatsServer } from '../support/nats-server.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { runWeir, Weir } from '../support/weir.ts';

const key = 'a key of the whole fleet';

describe('a configuration that is signed', () => {
  const services: Weir[] = [];
  let nats: NatsServer;
  let folder: string;
  let file: string;
  let remove: () => Promise<void>;
  let ingest: Weir;
  let edge: string;
  const start = (argv: readonly string[], environment: Record<string, string> = {}): Weir => {
    const service = new Weir([...argv, '--nats', nats.url], { environment });
    services.push(service);
    return service;
  };
  const control = async (argv: readonly string[], environment: Record<string, string> = {}): Promise<void> => {
    const service = start(['control', '-f', file, '--listen', '127.0.0.1:0', ...argv], environment);
    await eventually('it has published', () => service.output.includes('configuration published'));
    await service.stop();
  };
  const refusals = (reason: RegExp): Promise<boolean> => eventually(`the ingest refuses: ${reason.source}`, () => reason.test(ingest.output));

  before(async () => {
    nats = await NatsServer.start();
    folder = await mkdtemp(join(tmpdir(), 'weir-key-'));
    await writeFile(join(folder, 'key'), `${key}\n`);
    const command = ['sh', '-c', 'env | grep -c ^WEIR_CONFIG_KEY; sleep 60'];
    ({ file, remove } = await writeConfiguration({ feeds: { said: { command, format: 'raw' } }, streams: { said: { feed: 'said' } } }));
    ingest = start(['ingest'], { WEIR_CONFIG_KEY: key });
    edge = await start(['edge', '--listen', '127.0.0.1:0']).url();
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
    await rm(folder, { recursive: true });
  });

  it('is refused by an ingest with the key when it has no signature, or another, and taken by an edge without a key', async () => {
    await control([]);
    await refusals(/error.* the published configuration is not signed and is refused/i);
    await control([], { WEIR_CONFIG_KEY: 'another key of somebody' });
    await refusals(/error.* the published configuration is signed with another key and is refused/i);
    assert.doesNotMatch(ingest.output, /configuration feeds=/);
    await eventually('the edge has it', async () => (await fetch(`${edge}/said`, { method: 'HEAD' })).status === 200);
  });

  it('is taken with the right signature', async () => {
    await control(['--config-key-file', join(folder, 'key')]);
    await eventually('the ingest has it', () => ingest.output.includes('configuration feeds=1'));
  });

  it('stays when one that is not signed comes after it, and its commands do not learn the key', async () => {
    const count = ingest.output.split('is not signed').length;
    await control([]);
    await eventually('it is refused', () => ingest.output.split('is not signed').length > count);
    const response = await fetch(`${edge}/said`);
    const { value } = (await response.body?.getReader().read()) ?? {};
    assert.equal(Buffer.from(value ?? []).toString(), '0\n');
  });

  it('needs a key that is long enough, and the key is not told', async () => {
    const { code, output } = await runWeir(['ingest'], { environment: { WEIR_CONFIG_KEY: 'too short' } });
    assert.equal(code, 64);
    assert.match(output, /WEIR_CONFIG_KEY: the key has 9 bytes, it needs at least 16/);
    assert.doesNotMatch(output, /too short/);
  });
});
