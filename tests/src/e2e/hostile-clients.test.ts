import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

describe('hostile clients', () => {
  let weir: Weir;
  let url: URL;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(newMark()));
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = new URL(await weir.url());
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  const open = (first: string): Socket => {
    const socket = connect(Number(url.port), url.hostname, () => socket.write(first));
    return socket.on('error', () => {});
  };

  /** Reads the camera's sound, and tells when it last heard something. */
  async function listen(): Promise<{ silentMillis: () => number; stop: () => void }> {
    const abort = new AbortController();
    const response = await fetch(new URL('/camera.mp3', url), { signal: abort.signal });
    const reader = response.body?.getReader();
    let heard = performance.now();
    let worst = 0;
    void (async () => {
      for (;;) {
        const read = await reader?.read().catch(() => null);
        if (read === null || read === undefined || read.done) return;
        worst = Math.max(worst, performance.now() - heard);
        heard = performance.now();
      }
    })();
    return { silentMillis: () => Math.max(worst, performance.now() - heard), stop: () => abort.abort() };
  }

  it('who send their request a byte at a time are hung up on, a thousand of them, and listeners hear no gap', async () => {
    const listener = await listen();
    await pause(1000);
    let closed = 0;
    const sockets = Array.from({ length: 1000 }, () => open('GET /camera.mp3 HTTP/1.1\r\nHost: x\r\nX-A: ').on('close', () => closed++));
    const dripping = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('a');
    }, 1000);
    await eventually('all are closed', () => closed === sockets.length, 60_000);
    clearInterval(dripping);
    assert.ok(listener.silentMillis() < 3000, `${listener.silentMillis()} ms without sound`);
    listener.stop();
  });

  it('who never read their answer cost nobody anything', async () => {
    const sockets = Array.from({ length: 50 }, () => open('GET /stat HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50)).pause());
    await pause(1000);
    assert.equal((await fetch(new URL('/stat.json', url))).status, 200);
    for (const socket of sockets) socket.destroy();
  });

  it('who come and vanish leave nothing behind', async () => {
    for (let round = 0; round < 5; round++) {
      const sockets = Array.from({ length: 50 }, () => open('GET /camera.ts HTTP/1.1\r\nHost: x\r\n\r\n'));
      await pause(100);
      for (const socket of sockets) socket.resetAndDestroy();
    }
    await eventually('nobody listens', async () => ((await (await fetch(new URL('/stat.json', url))).json()) as { listeners: number }).listeners === 0);
  });
});

describe('a weir whose connections are all taken', () => {
  const mark = newMark();
  let weir: Weir;
  let url: URL;
  let remove: () => Promise<void>;
  let flood: Flood;
  let listener: { bytes: number; ended: boolean };
  const abort = new AbortController();
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(mark));
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file], { descriptorsMax: 120 });
    url = new URL(await weir.url());
    const response = await fetch(new URL('/camera.ts', url), { signal: abort.signal });
    listener = { bytes: 0, ended: false };
    void (async () => {
      const reader = response.body?.getReader();
      for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) listener.bytes += read.value.length;
      listener.ended = true;
    })().catch(() => (listener.ended = true));
    flood = new Flood(url, 200);
    await eventually('it closes connections at once', () => weir.output.includes('a connection was closed at once'));
  });
  after(async () => {
    flood.stop();
    await weir.stop('SIGKILL');
    await remove();
  });

  /** Bytes that the listener gets from now on. */
  const hears = async (bytes: number): Promise<void> => {
    const before = listener.bytes;
    await eventually(`the listener gets ${bytes} bytes more`, () => listener.bytes - before > bytes, 60_000);
  };

  it('goes on serving those it has', () => hears(100_000));

  it('starts a command again that has ended, as it keeps descriptors for that', async () => {
    const [before] = processesWith(mark);
    assert.ok(before !== undefined);
    process.kill(before, 'SIGKILL');
    await eventually('another runs', () => processesWith(mark).some((pid) => pid !== before));
    await hears(100_000);
    assert.equal(listener.ended, false);
    assert.doesNotMatch(weir.output, /too many open files/);
  });

  it('takes new ones when there is room again', async () => {
    flood.stop();
    await eventually('it answers again', async () => (await fetch(new URL('/stat.json', url)).catch(() => null))?.status === 200);
    assert.equal(listener.ended, false);
    abort.abort();
    assert.equal((await weir.stop()).code, 0, weir.output);
  });
});

/** Connections that say nothing, and come again when they are closed. */
class Flood {
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  #stopped = false;

  constructor({ port }: URL, count: number) {
    this.#port = Number(port);
    for (let each = 0; each < count; each++) this.#open();
  }

  stop(): void {
    this.#stopped = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  #open(): void {
    const socket = connect(this.#port, '127.0.0.1').on('error', () => {});
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      setTimeout(() => {
        if (!this.#stopped) this.#open();
      }, 100);
    });
  }
}
