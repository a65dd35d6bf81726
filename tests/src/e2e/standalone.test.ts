import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';
import { joinAtRandom } from './join-at-random.ts';

describe('standalone', () => {
  const mark = newMark();
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(mark));
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  it('says its name and version first, then where it listens', () => {
    const [first = '', ...rest] = weir.output.split('\n');
    assert.match(first, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} info {2}weir: weir \d+\.\d+\.\d+ /);
    assert.match(rest.join('\n'), /listening url=http:\/\/127\.0\.0\.1:\d+\/\n/);
  });

  it('plays TS, MP3 and MPJPEG to ffmpeg, joining at random moments', () => joinAtRandom(() => url));

  it('stops the camera when nobody listens', async () => {
    await eventually('the camera is gone', () => processesWith(mark).length === 0, 2000);
  });

  it('answers what is no stream', async () => {
    const answers = await Promise.all(
      ['/nothing', '/camera.ts/', '/stream/nothing', '/%00'].map(async (path) => (await fetch(url + path)).status),
    );
    assert.deepEqual(answers, [404, 404, 404, 404]);
    const refused = await fetch(`${url}/camera.ts`, { method: 'POST' });
    assert.equal(refused.status, 405);
    assert.equal(refused.headers.get('allow'), 'GET, HEAD, OPTIONS');
    assert.equal((await fetch(`${url}/camera.ts?join=soon`)).status, 400);
  });

  it('answers HEAD and OPTIONS from its configuration, waking nothing', async () => {
    const head = await fetch(`${url}/camera.mp3`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-type'), 'audio/mpeg');
    assert.equal((await fetch(`${url}/camera.ts`, { method: 'OPTIONS' })).status, 204);
    assert.deepEqual(processesWith(mark), []);
  });

  it('tells its state in /stat.json, with a listener', async () => {
    const abort = new AbortController();
    const response = await fetch(`${url}/stream/camera`, { signal: abort.signal });
    assert.equal(response.headers.get('content-type'), 'video/mp2t');
    assert.match(response.headers.get('cache-control') ?? '', /no-store/);
    const status = await eventually('the camera is happy and has a listener', async () => {
      const stat = (await (await fetch(`${url}/stat.json`)).json()) as { listeners: number; streams: { name: string; mood: string; listeners: number }[] };
      const camera = stat.streams.find((stream) => stream.name === 'camera');
      return camera?.mood === 'happy' && camera.listeners === 1 ? stat : null;
    });
    assert.equal(status.listeners, 1);
    abort.abort();
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`leaves no process behind and exits with 0 on ${signal}`, async () => {
      const configuration = await writeConfiguration(cameraConfiguration(mark));
      const other = new Weir(['up', '-f', configuration.file]);
      const response = await fetch(`${await other.url()}/camera.ts`);
      await response.body?.getReader().read();
      assert.equal(processesWith(mark).length, 1);
      const end = await other.stop(signal);
      assert.deepEqual([end.code, end.signal], [0, null]);
      assert.deepEqual(processesWith(mark), []);
      await configuration.remove();
    });
  }

  it('stops in under two seconds without listeners', async () => {
    const end = await weir.stop();
    assert.equal(end.code, 0);
    assert.ok(end.seconds < 2, `${end.seconds} s`);
  });
});
