import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { play } from '../support/player.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

describe('several feeds into one encoder', () => {
  const mark = newMark();
  let weir: Weir;
  let url: string;
  let remove: () => Promise<void>;
  before(async () => {
    const ffmpeg = `ffmpeg -nostdin -v error`;
    const configuration = await writeConfiguration({
      listen: '127.0.0.1:0',
      feeds: {
        camera: { command: `${ffmpeg} -re -f lavfi -i testsrc2=size=192x108:rate=25 -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 25 -metadata comment=${mark} -f mpegts {out}` },
        microphone: { command: `${ffmpeg} -re -f lavfi -i sine=frequency=440 -c:a libmp3lame -metadata comment=${mark} -flush_packets 1 -f mp3 {out}` },
      },
      streams: {
        both: { feed: ['camera', 'microphone'], encode: `${ffmpeg} -fflags nobuffer -f mpegts -i {in.camera} -f mp3 -i {in.microphone} -map 0:v -map 1:a -c copy -metadata comment=${mark} -flush_packets 1 -f mpegts {out}` },
      },
    });
    remove = configuration.remove;
    weir = new Weir(['up', '-f', configuration.file]);
    url = await weir.url();
  });
  after(async () => {
    await weir.stop('SIGKILL');
    await remove();
  });

  it('plays what the encoder makes of both, while each feed runs once', async () => {
    const [one, two] = await Promise.all([play(`${url}/both`, 3), play(`${url}/both`, 3)]);
    for (const { code, complaints, video, audio } of [one, two]) {
      assert.deepEqual([code, complaints], [0, '']);
      assert.ok(video > 40 && audio > 40, `${video} pictures, ${audio} pieces of sound`);
    }
    await eventually('everything has stopped', () => processesWith(mark).length === 0);
  });
});
