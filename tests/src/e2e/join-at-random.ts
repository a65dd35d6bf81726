import assert from 'node:assert/strict';
import { pause } from '../support/eventually.ts';
import { play } from '../support/player.ts';

/** The streams of the test camera, and the least that five seconds of each must give to a decoder. */
const streams = [
  { path: '/camera.ts', extra: [], least: { video: 100, audio: 150 } },
  { path: '/camera.mp3', extra: [], least: { video: 0, audio: 150 } },
  { path: '/camera.mjpg', extra: ['-f', 'mpjpeg'], least: { video: 40, audio: 0 } },
] as const;

const joins = 20;
const seconds = 5;

/** Joins each stream twenty times, at moments drawn from ten seconds, and decodes each for five without an error. */
export async function joinAtRandom(urlOf: (join: number) => string): Promise<void> {
  const plays = streams.flatMap(({ path, extra, least }) =>
    Array.from({ length: joins }, async (_, join) => {
      await pause(Math.random() * 10_000);
      const url = urlOf(join) + path;
      const playback = await play(url, seconds, extra);
      assert.equal(playback.complaints, '', `${url}, join ${join}`);
      assert.equal(playback.code, 0, `${url}, join ${join}`);
      assert.ok(playback.video >= least.video && playback.audio >= least.audio, `${url}, join ${join}: ${JSON.stringify(playback)}`);
    }),
  );
  await Promise.all(plays);
}
