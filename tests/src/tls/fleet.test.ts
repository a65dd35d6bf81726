import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { selfSigned } from '../support/self-signed.ts';
import type { SelfSigned } from '../support/self-signed.ts';
import { Weir } from '../support/weir.ts';

describe('a fleet with certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-fleet-'));
  const first = selfSigned();
  let nats: NatsServer;
  let health: string;
  let services: Readonly<Record<'control' | 'ingest' | 'edge', Weir>>;
  let urls: Readonly<Record<'control' | 'ingest' | 'edge', string>>;
  const write = ({ cert, key }: SelfSigned): void => {
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
  };
  before(async () => {
    write(first);
    // Paths of standalone are of no concern here, were they there or not.
    const configuration = { tls: { cert_file: 'nowhere.pem', key_file: 'nowhere.pem' }, feeds: { studio: { push: '/studio.mp3', source: 'open' } }, streams: { radio: { feed: 'studio', path: '/radio.mp3' } } };
    writeFileSync(join(folder, 'weir.yml'), JSON.stringify(configuration));
    nats = await NatsServer.start();
    health = `127.0.0.1:${await freePort()}`;
    const flags = ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')];
    const environment = { WEIR_TLS_CERT: join(folder, 'cert.pem'), WEIR_TLS_KEY: join(folder, 'key.pem') };
    const common = ['--nats', nats.url, '--listen', '127.0.0.1:0'];
    services = {
      control: new Weir(['control', ...common, '-f', join(folder, 'weir.yml'), ...flags]),
      ingest: new Weir(['ingest', ...common], { environment }),
      edge: new Weir(['edge', ...common, ...flags, '--workers', '2', '--no-watch', '--health', health, '--drain', '0s']),
    };
    const [control, ingest, edge] = await Promise.all([services.control.url(), services.ingest.url(), services.edge.url()]);
    urls = { control, ingest, edge };
    await eventually('both workers have the configuration', () => (services.edge.output.match(/ configuration feeds=/g) ?? []).length === 2);
  });
  after(async () => {
    await Promise.all(Object.values(services).map((service) => service.stop('SIGKILL')));
    await nats.stop();
    rmSync(folder, { recursive: true });
  });

  const shown = (url: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      });
      socket.once('error', reject);
    });
  const fingerprint = ({ cert }: SelfSigned): string => new X509Certificate(cert).fingerprint256;

  it('speaks HTTPS at every port, each process with files of its own', async () => {
    for (const url of Object.values(urls)) {
      assert.match(url, /^https:/);
      assert.equal(await shown(url), fingerprint(first));
    }
    const source = spawn('ffmpeg', ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine', '-c:a', 'libmp3lame', '-f', 'mp3', '-content_type', 'audio/mpeg', '-tls', '1', `icecast://source:x@${new URL(urls.ingest).host}/studio.mp3`], { stdio: 'ignore' });
    const { code, complaints, audio } = await play(`${urls.edge}/radio.mp3`, 1);
    source.kill('SIGKILL');
    assert.deepEqual([code, complaints, audio > 15], [0, '', true], services.edge.output.slice(-1500));
  });

  it('tells when the certificate ends once for several workers', async () => {
    const told = async (): Promise<number> => Number(/^weir_tls_certificate_expiry_timestamp_seconds (\S+)$/m.exec(await (await fetch(`http://${health}/metrics`)).text())?.[1]);
    assert.equal(await told(), Date.parse(new X509Certificate(first.cert).validTo) / 1000);
  });

  it('takes another certificate by itself, or on SIGHUP where it does not watch', async () => {
    const second = selfSigned();
    write(second);
    for (const url of [urls.control, urls.ingest]) await eventually('it is taken', async () => (await shown(url)) === fingerprint(second));
    await pause(500);
    assert.equal(await shown(urls.edge), fingerprint(first));
    services.edge.process.kill('SIGHUP');
    await eventually('both workers take it', () => (services.edge.output.match(/ another certificate /g) ?? []).length === 2);
    for (let asked = 0; asked < 4; asked++) assert.equal(await shown(urls.edge), fingerprint(second));
  });

  it('waits for nobody at a pipe', async () => {
    rmSync(join(folder, 'cert.pem'));
    assert.equal(spawnSync('mkfifo', [join(folder, 'cert.pem')]).status, 0);
    services.edge.process.kill('SIGHUP');
    const says = /error tls: the new certificate is refused: the old one stays reason="\S+cert\.pem is no regular file, and cannot be read again"/g;
    await eventually('both workers refuse it', () => (services.edge.output.match(says) ?? []).length === 2);
    assert.match(await shown(urls.edge), /:/);
  });

  it('stops as ever', async () => assert.equal((await services.edge.stop()).code, 0));
});
