import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { selfSigned } from '../support/self-signed.ts';
import { Weir } from '../support/weir.ts';
import type { WeirOptions } from '../support/weir.ts';

/** What this test reads of `weir load --json`. */
interface Report {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly readers: number;
  readonly served: number;
  readonly stayed: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly closedEarly: Readonly<Record<string, number>>;
  readonly stalled: { readonly listeners: number; readonly answered: number };
  readonly churn: { readonly connections: number; readonly served: number };
  readonly continuity: { readonly formats: Readonly<Record<string, number>>; readonly gaps: number };
  readonly delayMillis: { readonly count: number; readonly p50: number; readonly p99: number } | null;
}

async function load(argv: readonly string[], options: WeirOptions = {}): Promise<{ code: number | null; report: Report }> {
  const weir = new Weir(['load', '--json', ...argv], options);
  let stdout = '';
  weir.process.stdout?.on('data', (text: string) => (stdout += text));
  const { code } = await weir.exited;
  try {
    return { code, report: JSON.parse(stdout) as Report };
  } catch (error) {
    throw new Error(`standard output is not one JSON object; weir load said:\n${weir.output}`, { cause: error });
  }
}

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=192x108:rate=25'];
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'];
const small = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-g', '25', '-b:v', '300k', '-c:a', 'aac', '-f', 'mpegts'];
const camera = ['ffmpeg', '-nostdin', '-v', 'error', '-re', ...picture, ...sound, ...small, '-flush_packets', '1', '{out}'];

describe('weir load, against a real weir', () => {
  let weir: Weir;
  let url: string;
  before(async () => {
    weir = new Weir(['serve', '--listen', '127.0.0.1:0', '--', ...camera]);
    url = `${await weir.url()}/`;
  });
  after(() => weir.stop());

  it('finds that all are served, without a gap', async () => {
    const { code, report } = await load(['--listeners', '50', '--duration', '3s', url]);
    assert.deepEqual([code, report.problems], [0, []]);
    assert.deepEqual([report.readers, report.served, report.stayed], [50, 50, 50]);
    assert.deepEqual([report.continuity.formats, report.continuity.gaps, report.delayMillis], [{ mpegts: 50 }, 0, null]);
  });

  it('finds that those who stall, are slow or come and go hurt nobody', async () => {
    const { code, report } = await load(['--listeners', '40', '--stalled', '0.25', '--slow', '0.25', '--churn', '10', '--duration', '4s', url]);
    assert.deepEqual([code, report.problems], [0, []]);
    assert.deepEqual([report.readers, report.stayed, report.stalled.listeners, report.stalled.answered], [30, 30, 10, 10]);
    assert.deepEqual([report.continuity.formats, report.continuity.gaps], [{ mpegts: 20 }, 0]);
    assert.ok(report.churn.connections > 20 && report.churn.served > 0.5 * report.churn.connections, JSON.stringify(report.churn));
  });

  it('finds what is not there', async () => {
    const { code, report } = await load(['--listeners', '5', `${url}nothing`]);
    assert.deepEqual([code, report.refused, report.served], [1, { 404: 5 }, 0]);
  });

  it('ends at Ctrl-C with its summary', async () => {
    const tester = new Weir(['load', '--listeners', '5', '--duration', '10m', url]);
    await eventually('progress', () => tester.output.includes(' receiving '));
    const { code } = await tester.stop('SIGINT');
    assert.equal(code, 0, tester.output);
    assert.match(tester.output, /, interrupted\n {2}listeners +5, 5 connected\n[^]*\nall were served and stayed\n$/);
  });
});

it('weir load: tells the delay from a source that stamps its packets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-load-'));
  const file = join(folder, 'a.ts');
  assert.equal(spawnSync('ffmpeg', ['-v', 'error', ...picture, '-t', '60', ...small, file]).status, 0);
  const stamper = join(import.meta.dirname, '../support/programs/stamper.js');
  const weir = new Weir(['serve', '--listen', '127.0.0.1:0', '--', process.execPath, stamper, file, '300000', '25']);
  try {
    const { code, report } = await load(['--listeners', '20', '--duration', '4s', `${await weir.url()}/`]);
    assert.deepEqual([code, report.problems], [0, []]);
    const { count = 0, p50 = 0, p99 = 0 } = report.delayMillis ?? {};
    assert.ok(count > 0.5 * 20 * 3 * 25 && p50 > 0 && p99 < 5000, JSON.stringify(report.delayMillis));
  } finally {
    await weir.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

describe('weir load, against another server', () => {
  const answer: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
    response.write('some');
    void pause(500).then(() => response.end());
  };

  async function withServer(server: Server, use: (port: number) => Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await use((server.address() as AddressInfo).port);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('finds that it closes', () =>
    withServer(createHttpServer(answer), async (port) => {
      const { code, report } = await load(['--listeners', '10', '--duration', '1m', `http://127.0.0.1:${port}/`]);
      assert.deepEqual([code, report.served, report.stayed, report.closedEarly], [1, 10, 0, { 'end of the answer': 10 }]);
    }));

  it('reads over TLS, and only what it may trust', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-load-'));
    const { key, cert } = selfSigned();
    const file = join(folder, 'cert.pem');
    await writeFile(file, cert);
    await withServer(createHttpsServer({ key, cert }, answer), async (port) => {
      const argv = ['--listeners', '5', '--expect-bytes', '4', `https://127.0.0.1:${port}/`];
      const trusting = await load(argv, { environment: { NODE_EXTRA_CA_CERTS: file } });
      assert.deepEqual([trusting.code, trusting.report.problems, trusting.report.stayed], [0, [], 5]);
      const wary = await load(argv);
      assert.deepEqual([wary.code, wary.report.served], [1, 0]);
      assert.match(wary.report.problems.join(), /^failed: 5 \(DEPTH_ZERO_SELF_SIGNED_CERT: 5\)$/);
      const trustful = await load(['--insecure', ...argv]);
      assert.deepEqual([trustful.code, trustful.report.problems], [0, []]);
    });
    await rm(folder, { recursive: true, force: true });
  });
});
