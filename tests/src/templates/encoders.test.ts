import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';
import { encoderCases } from './cases.ts';
import { assertHeard, listen, run, tone } from './listener.ts';
import type { Heard } from './listener.ts';
import { templatesFolder } from './shipped.ts';

const secondsEach = 3;
/** A white bar that moves over black, so that decoders and encoders have something to do. */
const camera =
  'ffmpeg -nostdin -v error -re -f lavfi -i color=black:size=160x120:rate=10 ' +
  `-f lavfi -i sine=frequency=${tone}:sample_rate=48000 -vf "drawbox=x=mod(t*40\\,150):y=60:w=8:h=20:color=white:t=fill" ` +
  '-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 10 -c:a aac -b:a 64k -flush_packets 1 -muxdelay 0 -f mpegts {out}';

describe('templates of encoders', () => {
  let weir: Weir;
  let folder: string;
  let remove: () => Promise<void>;
  const heard = new Map<string, Promise<Heard>>();
  let keyTimes: Promise<{ said: string }>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-templates-'));
    await writeFile(join(folder, 'news.txt'), 'MMMMMM');
    await run(['ffmpeg', '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'color=white:size=32x32', '-frames:v', '1', join(folder, 'logo.png')]);
    const streams = encoderCases.map(({ template, parameters }) => {
      const given = Object.entries(parameters).map(([key, value]) => [key, typeof value === 'string' ? value.replace('FOLDER', folder) : value]);
      return [template, { feed: 'camera', encode: { use: template, ...Object.fromEntries(given) } }];
    });
    const configuration = await writeConfiguration({ listen: '127.0.0.1:0', include: templatesFolder, feeds: { camera: { command: camera } }, streams: Object.fromEntries(streams) });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    const url = await weir.url();
    // All at once: each is small, and most of the time goes by waiting.
    for (const each of encoderCases) heard.set(each.template, listen(`${url}/${each.template}`, secondsEach, each));
    keyTimes = run(['ffprobe', '-v', 'error', '-select_streams', 'v', '-read_intervals', '%+3', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', `${url}/hls-ts`]);
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
    await rm(folder, { recursive: true });
  });

  for (const each of encoderCases) {
    it(`${each.template}: ${[each.video?.codec, each.audio].filter(Boolean).join(' and ')} come out, and decode`, async () => {
      assertHeard(await heard.get(each.template)!, each);
    });
  }

  it('hls-ts: key frames stand at multiples of the segment', async () => {
    const keys = [...(await keyTimes).said.matchAll(/^(\d+\.\d+),K/gm)].map(([, seconds]) => Number(seconds) % 1);
    assert.ok(keys.length >= 2 && keys.every((part) => part < 0.11), keys.join(', '));
  });
});
