import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

describe('a stream of single pictures', () => {
  const mark = newMark();
  let weir: Weir;
  let url: string;
  let log: string;
  let remove: () => Promise<void>;
  before(async () => {
    const folder = await writeConfiguration({});
    log = join(dirname(folder.file), 'runs');
    const quiet = 'ffmpeg -nostdin -v error';
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: {
        camera: { command: `${quiet} -re -f lavfi -i testsrc2=size=320x180:rate=25 -c:v libx264 -preset ultrafast -tune zerolatency -g 25 -metadata comment=${mark} -f mpegts {out}` },
        tone: { command: `${quiet} -re -f lavfi -i sine=frequency=440 -c:a libmp3lame -b:a 64k -metadata title=${mark} -flush_packets 1 -f mp3 {out}` },
        mute: { command: 'sleep 60', format: 'mp3', start_timeout: '1s' },
      },
      streams: {
        camera: { feed: 'camera' },
        shot: { feed: 'camera', path: '/shot.png', type: 'shot', encode: ['sh', '-c', `echo run >> ${log}; exec ${quiet} -f mpegts -probesize 100k -analyzeduration 0 -i pipe:0 -frames:v 1 -c:v png -f image2pipe pipe:1`] },
        wave: { feed: 'tone', type: 'shot', content_type: 'image/x-wave', encode: `${quiet} -f mp3 -probesize 4096 -analyzeduration 0 -t 0.3 -i {in} -lavfi showwavespic=s=160x90 -frames:v 1 -c:v png -f image2pipe {out}` },
        broken: { feed: 'camera', type: 'shot', encode: ['sh', '-c', 'echo "no <b>lens</b>" >&2; cat >/dev/null & exit 3'] },
        empty: { feed: 'camera', type: 'shot', encode: 'true' },
        endless: { feed: 'camera', type: 'shot', encode: 'cat /dev/zero' },
        mute: { feed: 'mute', encode: 'cat', type: 'shot' },
      },
    });
    remove = async () => {
      await configuration.remove();
      await folder.remove();
    };
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    const { code } = await weir.stop();
    await remove();
    assert.equal(code, 0, weir.output);
  });

  it('is made by its command, wakes its feed, and lets it sleep again', async () => {
    const head = await fetch(`${url}/wave`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('content-type'), processesWith(mark).length], [200, 'image/x-wave', 0]);
    for (const [path, type] of [['/shot.png', 'image/png'], ['/stream/shot', 'image/png'], ['/wave', 'image/x-wave']] as const) {
      const response = await fetch(url + path);
      const body = Buffer.from(await response.arrayBuffer());
      assert.deepEqual([response.status, response.headers.get('content-type'), response.headers.get('cache-control')], [200, type, 'no-cache'], weir.output);
      assert.deepEqual([body.subarray(0, 4).equals(png), body.readUInt32BE(16), body.readUInt32BE(20)], path === '/wave' ? [true, 160, 90] : [true, 320, 180], weir.output);
    }
    await eventually('all sleep', () => processesWith(mark).length === 0);
  });

  it('is made once for all who ask at the same time', async () => {
    const runs = async (): Promise<number> => (await readFile(log, 'utf8')).split('\n').length;
    const before = await runs();
    const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(`${url}/shot.png`)).status));
    assert.deepEqual(new Set(answers), new Set([200]));
    assert.equal((await runs()) - before, 1);
  });

  it('costs nobody else anything when its command fails, prints nothing or never ends', async () => {
    const answer = await fetch(`${url}/broken`);
    const text = await answer.text();
    assert.deepEqual([answer.status, /log of the ingest/.test(text), /lens/.test(text)], [500, true, false]);
    assert.match(weir.output, /no picture reason="[^\n]*exited with code 3[^\n]*no <b>lens/);
    assert.deepEqual([(await fetch(`${url}/empty`)).status, (await fetch(`${url}/endless`)).status, (await fetch(`${url}/mute`)).status], [500, 500, 503]);
    assert.equal((await fetch(`${url}/shot.png`)).status, 200);
    await eventually('all sleep', () => processesWith(mark).length === 0);
  });

  it('answers GET, HEAD and OPTIONS alone', async () => {
    const posted = await fetch(`${url}/shot.png`, { method: 'POST' });
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
  });
});
