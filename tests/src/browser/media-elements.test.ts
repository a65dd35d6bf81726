import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const source = ['ffmpeg', '-nostdin', '-v', 'error', '-re'];
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25'];
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '12'];

/** What Chromium plays in an element of its own, joined in the middle. */
const streams: readonly { name: string; element: 'audio' | 'video'; argv: readonly string[] }[] = [
  { name: 'sound.mp3', element: 'audio', argv: [...sound, '-c:a', 'libmp3lame', '-f', 'mp3'] },
  { name: 'sound.aac', element: 'audio', argv: [...sound, '-c:a', 'aac', '-f', 'adts'] },
  { name: 'sound.ogg', element: 'audio', argv: [...sound, '-c:a', 'libopus', '-page_duration', '100000', '-f', 'ogg'] },
  { name: 'sound.webm', element: 'audio', argv: [...sound, '-c:a', 'libopus', '-cluster_time_limit', '500', '-f', 'webm'] },
  { name: 'picture.webm', element: 'video', argv: [...picture, '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', '12', '-cluster_time_limit', '400', '-f', 'webm'] },
  { name: 'picture.mp4', element: 'video', argv: [...picture, ...x264, '-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'] },
];

describe('media elements of Chromium', () => {
  let weir: Weir;
  let url: string;
  let browser: Browser;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: Object.fromEntries(streams.map(({ name, argv }) => [name, { command: [...source, ...argv.slice(0, -2), '-flush_packets', '1', ...argv.slice(-2), '{out}'], active: 'continuous' }])),
      streams: Object.fromEntries(streams.map(({ name }) => [name, { feed: name, path: `/${name}` }])),
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    [url, browser] = await Promise.all([weir.url(), openBrowser()]);
  });
  after(async () => {
    await browser.close();
    await weir.stop('SIGKILL');
    await remove();
  });

  for (const { name, element } of streams) {
    it(`play ${name}, joined in the middle`, async () => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${url}/stat.json`);
      const played = await eventually(
        `${name} plays two seconds`,
        () =>
          page.evaluate(
            ([kind, path]) => {
              const existing = document.querySelector<HTMLMediaElement>('audio, video');
              const player = existing ?? document.createElement(kind as 'audio' | 'video');
              if (existing === null) {
                player.src = path ?? '';
                player.muted = true;
                document.body.append(player);
                void player.play().catch(() => {});
              }
              const ranges = player.played;
              let seconds = 0;
              for (let index = 0; index < ranges.length; index++) seconds += ranges.end(index) - ranges.start(index);
              if (player.error !== null) throw new Error(`${player.error.code}: ${player.error.message}`);
              return seconds > 2 ? seconds : null;
            },
            [element, `/${name}`] as const,
          ),
        25_000,
      );
      assert.ok(played > 2);
      await page.context().close();
    });
  }
});
