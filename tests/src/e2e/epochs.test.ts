import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25'];
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '12'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k', '-g', '12'];

/**
 * What each container does when its source starts again: the listener goes on, or is closed cleanly to come back. This mp4 begins
 * with the same init each time; FFmpeg's WebM has a new segment UID, and cannot go on.
 */
const formats: readonly { name: string; argv: readonly string[]; goesOn: boolean; reader?: string }[] = [
  { name: 'mpegts', argv: [...picture, ...sound, ...x264, '-c:a', 'aac', '-f', 'mpegts'], goesOn: true },
  { name: 'flv', argv: [...picture, ...sound, ...x264, '-c:a', 'aac', '-flvflags', 'no_duration_filesize', '-f', 'flv'], goesOn: true },
  { name: 'mp3', argv: [...sound, '-c:a', 'libmp3lame', '-f', 'mp3'], goesOn: true },
  { name: 'adts', argv: [...sound, '-c:a', 'aac', '-f', 'adts'], goesOn: true, reader: 'aac' },
  { name: 'ogg', argv: [...sound, '-c:a', 'libvorbis', '-page_duration', '100000', '-f', 'ogg'], goesOn: true },
  { name: 'mpjpeg', argv: [...picture, '-q:v', '8', '-f', 'mpjpeg'], goesOn: true, reader: 'mpjpeg' },
  { name: 'webm', argv: [...picture, ...vp8, '-cluster_time_limit', '500', '-f', 'webm'], goesOn: false },
  { name: 'mp4', argv: [...picture, ...x264, '-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'], goesOn: true },
];

describe('a source that dies', () => {
  const marks = new Map(formats.map(({ name }) => [name, newMark()]));
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    const command = (name: string, argv: readonly string[]): string[] => [
      'ffmpeg',
      '-nostdin',
      '-v',
      'error',
      '-re',
      ...argv.slice(0, -2),
      '-metadata',
      `comment=${marks.get(name)}`,
      '-flush_packets',
      '1',
      ...argv.slice(-2),
      '{out}',
    ];
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: Object.fromEntries(formats.map(({ name, argv }) => [name, { command: command(name, argv) }])),
      streams: Object.fromEntries(formats.map(({ name }) => [name, { feed: name, path: `/${name}` }])),
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  for (const { name, goesOn, reader } of formats) {
    it(`${goesOn ? 'keeps the listener' : 'lets the listener come back'} of a stream in ${name}`, async () => {
      const mark = marks.get(name) ?? '';
      const response = await fetch(`${url}/${name}`);
      assert.equal(response.status, 200);
      const body = response.body?.getReader();
      assert.ok(body !== undefined);
      const parts: Uint8Array[] = [];
      let ended = false;
      const reading = (async () => {
        for (;;) {
          const { done, value } = await body.read();
          if (done) break;
          parts.push(value);
        }
        ended = true;
      })();
      const bytes = (): number => parts.reduce((sum, part) => sum + part.length, 0);
      await eventually('some media', () => bytes() > 4000 && parts.length > 10);
      const [first = 0] = processesWith(mark);
      process.kill(first, 'SIGKILL');
      await eventually('it runs again', () => processesWith(mark).some((pid) => pid !== first));
      const before = bytes();
      if (goesOn) await eventually('more media', () => bytes() > before + 8000);
      else await eventually('a clean end', () => ended);
      assert.equal(ended, !goesOn);
      await body.cancel();
      await reading;
      const decoded = decode(Buffer.concat(parts), reader);
      assert.ok(decoded > 10, `${decoded} frames of both runs decode`);
      if (!goesOn) {
        const again = await fetch(`${url}/${name}`);
        assert.equal(again.status, 200);
        await again.body?.cancel();
      }
    });
  }
});

/** Frames that ffmpeg makes of it; errors at the seam are the decoder's to survive. */
function decode(media: Buffer, reader: string | undefined): number {
  const input = reader === undefined ? ['-i', '-'] : ['-f', reader, '-i', '-'];
  const { stdout, stderr } = spawnSync('ffmpeg', ['-v', 'error', ...input, '-map', '0', '-f', 'framecrc', '-'], { input: media, encoding: 'utf8' });
  assert.doesNotMatch(stderr, /Invalid data found when processing input/, stderr);
  return stdout.split('\n').filter((line) => /^\d+,/.test(line)).length;
}
