import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { play } from '../support/player.ts';
import { selfSigned } from '../support/self-signed.ts';
import { runWeir, Weir } from '../support/weir.ts';

const ffmpeg = ['-nostdin', '-v', 'error'];
const dayMillis = 86_400_000;

/** A folder as Kubernetes mounts a secret: the files are links into `..data`, which is a link that is replaced. */
class Secret {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'weir-secret-'));
  readonly certFile: string = join(this.folder, 'tls.crt');
  readonly keyFile: string = join(this.folder, 'tls.key');
  #version = 0;

  constructor(pem: { cert: string; key: string }) {
    this.replace(pem);
    for (const file of ['tls.crt', 'tls.key']) symlinkSync(join('..data', file), join(this.folder, file));
  }

  replace({ cert, key }: { cert: string; key: string }): void {
    const name = `..version${++this.#version}`;
    mkdirSync(join(this.folder, name));
    writeFileSync(join(this.folder, name, 'tls.crt'), cert);
    writeFileSync(join(this.folder, name, 'tls.key'), key);
    symlinkSync(name, join(this.folder, '..new'));
    renameSync(join(this.folder, '..new'), join(this.folder, '..data'));
  }
}

/** The fingerprint of what a port shows. */
function shown(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

const fingerprint = ({ cert }: { cert: string }): string => new X509Certificate(cert).fingerprint256;

describe('weir up with a certificate', () => {
  const first = selfSigned(60 * dayMillis);
  const secret = new Secret(first);
  const media = join(secret.folder, 'tone.mp3');
  const authority = join(secret.folder, 'first.pem');
  let weir: Weir;
  let url: string;
  let health: string;
  before(async () => {
    writeFileSync(authority, first.cert);
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0'];
    assert.equal(spawnSync('ffmpeg', [...ffmpeg, ...tone, '-t', '60', '-f', 'mp3', media]).status, 0);
    const configuration = {
      listen: `127.0.0.1:${await freePort()}`,
      tls: { cert_file: 'tls.crt', key_file: 'tls.key' },
      feeds: {
        tone: { file: media, on_end: 'loop' },
        whole: { file: media, pace: 'none', on_end: 'end' },
        studio: { push: '/studio.mp3', source: { password: 'hackme' } },
      },
      streams: { tone: { feed: 'tone', path: '/tone.mp3' }, whole: { feed: 'whole', path: '/whole.mp3' }, studio: { feed: 'studio', path: '/radio.mp3' } },
    };
    writeFileSync(join(secret.folder, 'weir.yml'), JSON.stringify(configuration));
    health = `127.0.0.1:${await freePort()}`;
    weir = new Weir(['up', '-f', join(secret.folder, 'weir.yml'), '--health', health, '--log-level', 'debug']);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    rmSync(secret.folder, { recursive: true });
  });

  const curl = (...words: readonly string[]): string => spawnSync('curl', ['-sS', '--cacert', authority, ...words], { encoding: 'latin1' }).stdout;
  const mood = (): string | undefined => (JSON.parse(curl(`${url}/stat.json`)) as { feeds: { name: string; mood: string }[] }).feeds.find(({ name }) => name === 'studio')?.mood;

  it('listens for HTTPS, and says so wherever it tells its URL', async () => {
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const said = new RegExp(`stream tone url=${url}/tone\\.mp3\n`);
    await eventually(`the log names the stream; it says:\n${weir.output}`, () => said.test(weir.output));
    assert.match(curl(`${url}/tone.mp3.m3u`), new RegExp(`^${url}/tone\\.mp3\r\n$`));
    const page = curl(`${url}/`);
    assert.ok(page.includes(`${url}/tone.mp3`) && !page.includes('http://127'), page);
    await eventually('the status tells it', () => curl(`${url}/stat.json`).includes(`"url": "${url}"`));
  });

  it('gives a listener the bytes of the stream', async () => {
    assert.deepEqual(Buffer.from(curl('--max-time', '20', `${url}/whole.mp3`), 'latin1'), readFileSync(media));
    const { code, complaints, audio } = await play(`${url}/tone.mp3`, 1, ['-tls_verify', '1', '-ca_file', authority]);
    assert.deepEqual([code, complaints, audio > 15], [0, '', true], weir.output.slice(-1500));
  });

  for (const { name, program, argv } of [
    { name: 'ffmpeg', program: 'ffmpeg', argv: (host: string) => ['-re', '-i', media, '-c', 'copy', '-f', 'mp3', '-content_type', 'audio/mpeg', '-tls', '1', `icecast://source:hackme@${host}/studio.mp3`] },
    { name: 'curl', program: 'curl', argv: (host: string) => ['-sS', '--cacert', authority, '--limit-rate', '16k', '-H', 'Content-Type: audio/mpeg', '-u', 'source:hackme', '-T', media, `https://${host}/studio.mp3`] },
  ]) {
    it(`plays what ${name} pushes`, async () => {
      const source = spawn(program, [...(program === 'ffmpeg' ? ffmpeg : []), ...argv(new URL(url).host)], { stdio: 'ignore' });
      const gone = new Promise((resolve) => source.once('exit', resolve));
      await eventually('the source is on', () => mood() === 'happy');
      const { code, complaints, audio } = await play(`${url}/radio.mp3`, 1);
      assert.deepEqual([code, complaints, audio > 15], [0, '', true], weir.output.slice(-1500));
      source.kill('SIGKILL');
      await gone;
      await eventually('the source is off', () => mood() === 'sleeping');
    });
  }

  it('is found by weir plan, whatever name its certificate is for', async () => {
    const { code, output } = await runWeir(['plan', '-f', join(secret.folder, 'weir.yml')]);
    assert.deepEqual([code, output.slice(0, output.indexOf('\n'))], [0, `against ${url}`]);
  });

  it('keeps its health port plain, and tells there when the certificate ends', async () => {
    const metrics = await (await fetch(`http://${health}/metrics`)).text();
    const told = Number(/^weir_tls_certificate_expiry_timestamp_seconds (\S+)$/m.exec(metrics)?.[1]);
    assert.equal(told, Date.parse(new X509Certificate(first.cert).validTo) / 1000);
  });

  it('takes a certificate that changes under a listener, and keeps the old one when it cannot', async () => {
    let bytes = 0;
    let ended = false;
    const listener = get(`${url}/tone.mp3`, { ca: first.cert, agent: false }, (response) => {
      response.on('data', (part: Buffer) => (bytes += part.length)).once('close', () => (ended = true));
    });
    listener.on('error', () => {});
    await eventually('the listener hears', () => bytes > 8000);
    assert.equal(await shown(url), fingerprint(first));
    const second = selfSigned(5 * dayMillis);
    secret.replace(second);
    await eventually('new connections see it', async () => (await shown(url)) === fingerprint(second));
    assert.match(weir.output, /warn {2}tls: the certificate expires soon: renew it file=\S+tls\.crt days=4\n/);
    secret.replace({ cert: first.cert, key: second.key });
    await eventually('it is refused', () => /error tls: the new certificate is refused: the old one stays reason="TLS key \S+tls\.key: it is not the key of/.test(weir.output));
    await pause(2500);
    assert.equal(weir.output.match(/is refused/g)?.length, 1, 'told once');
    assert.equal(await shown(url), fingerprint(second));
    const third = selfSigned(-1000);
    secret.replace(third);
    await eventually('and the next one', async () => (await shown(url)) === fingerprint(third));
    assert.match(weir.output, /warn {2}tls: the certificate has expired, and clients refuse it: renew it file=\S+tls\.crt\n/);
    const before = bytes;
    await eventually('the listener hears on', () => bytes > before + 8000);
    assert.equal(ended, false);
    listener.destroy();
  });
});

describe('a certificate that cannot be used', () => {
  const secret = new Secret(selfSigned());
  after(() => rmSync(secret.folder, { recursive: true }));

  it('is a mistake of the configuration', async () => {
    const file = join(secret.folder, 'weir.yml');
    writeFileSync(file, JSON.stringify({ listen: '127.0.0.1:0', tls: { cert_file: 'tls.crt', key_file: 'none.key' }, streams: { a: { command: 'cat' } } }));
    const says = `weir: TLS key ${join(secret.folder, 'none.key')}: there is no such file\n`;
    for (const argv of [['check', '-f', file], ['up', '-f', file]]) {
      const { code, output } = await runWeir(argv);
      assert.deepEqual([code, output.endsWith(says)], [78, true], output);
    }
    for (const verb of [['edge', '--workers', '2'], ['control', '-f', file], ['ingest', '--listen', '127.0.0.1:0']]) {
      const { code, output } = await runWeir([...verb, '--tls-cert', secret.certFile, '--tls-key', join(secret.folder, 'none.key')]);
      assert.deepEqual([code, output.endsWith(says)], [78, true], output);
    }
  });

  it('is a mistake of the command line without its key', async () => {
    const { code, output } = await runWeir(['edge', '--tls-cert', secret.certFile]);
    assert.equal(code, 64);
    assert.match(output, /^weir: --tls-cert without --tls-key: a certificate and its key go together\n/);
  });
});
