import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';
import { assertHeard, listen, run } from './listener.ts';
import type { Heard } from './listener.ts';
import { templatesFolder } from './shipped.ts';

const ffmpeg = 'ffmpeg -nostdin -v error -re -f lavfi -i';
const x264 = '-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -flush_packets 1 -muxdelay 0 -f mpegts {out}';

/** For a fifth of every second of the wall clock, which their time stamps are, one is white and the other sounds. */
const flash = `${ffmpeg} color=black:size=160x120:rate=25 -vf "setpts=RTCTIME/(TB*1000000),drawbox=color=white:t=fill:enable='lt(mod(t,1),0.2)'" -g 50 ${x264}`;
const beep =
  `${ffmpeg} sine=frequency=1000:sample_rate=48000:samples_per_frame=240 -af "asetpts=RTCTIME/(TB*1000000),volume=volume='lt(mod(t,1),0.2)':eval=frame" ` +
  '-c:a aac -flush_packets 1 -muxdelay 0 -pes_payload_size 0 -f mpegts {out}';
const still = (color: string, size: string): string => `${ffmpeg} color=${color}:size=${size}:rate=10 -g 10 ${x264}`;

const tiles = Array.from({ length: 16 }, (_, index) => `tile-${index + 1}`);
const light = { bitrate: '200k', keyframes: 1, preset: 'ultrafast' };
const h264 = (size: string): { video: { codec: string; size: string } } => ({ video: { codec: 'h264', size } });

/** Seconds of a stream, as it came, in a file. */
async function record(url: string, seconds: number, file: string): Promise<void> {
  const chunks: Uint8Array[] = [];
  const response = await fetch(url);
  assert.ok(response.ok && response.body !== null, `${url}: ${response.status}`);
  const end = performance.now() + seconds * 1000;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    if (performance.now() >= end) break;
  }
  await writeFile(file, Buffer.concat(chunks));
}

/** Presentation times in seconds at which a value, in order of time, rises above a threshold. */
function rises(values: readonly (readonly [seconds: number, value: number])[], threshold: number): readonly number[] {
  return values.flatMap(([seconds, value], index) => (index > 0 && value > threshold && values[index - 1]![1] <= threshold ? [seconds] : []));
}

/** By how many milliseconds each beep of a recording is later than its flash, but for those of the first three seconds. */
async function beepsAfterFlashes(file: string): Promise<readonly number[]> {
  // Time stamps as they are in the file: ffmpeg would let each kind begin at 0.
  const look = ['ffmpeg', '-nostdin', '-hide_banner', '-nostats', '-v', 'info', '-copyts', '-i', file];
  const { said: seen } = await run([...look, '-map', '0:v', '-vf', 'settb=1/90000,showinfo', '-f', 'null', '-']);
  const { said: heard } = await run([...look, '-map', '0:a', '-af', 'asetnsamples=240,astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.RMS_level', '-f', 'null', '-']);
  const pictures = [...seen.matchAll(/ pts: *(\d+) .* mean:\[(\d+)/g)].map(([, pts, luma]) => [Number(pts) / 90_000, Number(luma)] as const);
  const sounds = [...heard.matchAll(/pts:(\d+) .*\n.*RMS_level=(\S+)/g)].map(([, pts, level]) => [Number(pts) / 48_000, level === '-inf' ? -200 : Number(level)] as const);
  const beeps = rises(sounds, -45);
  const settled = (pictures[0]?.[0] ?? 0) + 3;
  return rises(pictures, 128)
    .filter((seconds) => seconds > settled && seconds < (sounds.at(-1)?.[0] ?? 0) - 0.5)
    .map((seconds) => beeps.map((at) => Math.round((at - seconds) * 1000)).reduce((a, b) => (Math.abs(a) < Math.abs(b) ? a : b), Infinity));
}

describe('templates of several feeds', () => {
  let weir: Weir;
  let folder: string;
  let remove: () => Promise<void>;
  let recordings: Map<string, Promise<void>>;
  let small: Promise<Heard>;
  let sixteen: Promise<Heard>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-templates-'));
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      include: templatesFolder,
      feeds: {
        flash: { command: flash },
        beep: { command: beep },
        black: { command: still('black', '160x120') },
        ...Object.fromEntries(tiles.map((tile, index) => [tile, { command: still(index === 15 ? 'white' : 'black', '64x48') }])),
      },
      streams: {
        mux: { feed: ['flash', 'beep'], encode: { use: 'mux' } },
        'mux-by-clock': { feed: ['flash', 'beep'], encode: { use: 'mux-by-clock' } },
        'picture-in-picture': { feed: ['black', 'tile-16'], encode: { use: 'picture-in-picture', width: 64, rate: 10, ...light } },
        'mosaic-4x4': { feed: tiles, encode: { use: 'mosaic-4x4', width: 40, height: 30, ...light } },
      },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    const url = await weir.url();
    recordings = new Map(['mux', 'mux-by-clock'].map((name) => [name, record(`${url}/${name}`, 9, join(folder, name))]));
    // The lower right corner is white.
    small = listen(`${url}/picture-in-picture`, 3, { ...h264('160x120'), luma: { min: 0, part: '60:44:82:58' } });
    sixteen = listen(`${url}/mosaic-4x4`, 3, { ...h264('160x120'), luma: { min: 0, part: '36:26:122:92' } });
    for (const each of [...recordings.values(), small, sixteen]) each.catch(() => undefined);
  });
  after(async () => {
    await weir.stop();
    await remove();
    await rm(folder, { recursive: true });
  });

  it('picture-in-picture: the second feed is small in the corner of the first', async () => {
    assertHeard(await small, { ...h264('160x120'), keyframes: 1, luma: { min: 220 } });
  });

  it('mosaic-4x4: the sixteenth feed is in the last place', async () => {
    assertHeard(await sixteen, { ...h264('160x120'), keyframes: 1, luma: { min: 220 } });
  });

  // Some 30 and 5 ms where nothing else runs; what runs beside it delays single frames.
  for (const [name, limitMillis] of [['mux', 200], ['mux-by-clock', 100]] as const) {
    it(`${name}: a flash of one feed and a beep of the other stay together`, async (context) => {
      await recordings.get(name);
      const late = await beepsAfterFlashes(join(folder, name));
      context.diagnostic(`${name}: beeps are ${late.join(', ')} ms later than flashes`);
      const median = late.toSorted((a, b) => a - b)[late.length >> 1] ?? Infinity;
      assert.ok(late.length >= 3 && Math.abs(median) < limitMillis, `${late.join(', ')} ms`);
      const { code, said } = await run(['ffmpeg', '-nostdin', '-v', 'error', '-i', join(folder, name), '-f', 'null', '-']);
      assert.equal(code, 0, said);
    });
  }
});
