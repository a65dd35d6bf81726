import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A word that stands in a command line to count its processes by. */
export function newMark(): string {
  return `mark${process.pid}x${Math.random().toString(36).slice(2, 10)}`;
}

/** The demo's three streams from one test camera, small enough to decode sixty times at once. */
export function cameraConfiguration(mark: string): object {
  const quiet = 'ffmpeg -nostdin -hide_banner -loglevel warning';
  const quick = `${quiet} -fflags nobuffer -probesize 500k -analyzeduration 1M -i {in}`;
  return {
    listen: '127.0.0.1:0',
    feeds: {
      camera: {
        command:
          `${quiet} -re -f lavfi -i testsrc2=size=192x108:rate=25 -f lavfi -i sine=frequency=330:sample_rate=44100 ` +
          `-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p -g 25 -b:v 300k -c:a aac -b:a 64k ` +
          `-metadata comment=${mark} -flush_packets 1 -muxdelay 0 -f mpegts {out}`,
      },
    },
    streams: {
      camera: { feed: 'camera', path: '/camera.ts' },
      sound: { feed: 'camera', path: '/camera.mp3', encode: `${quick} -vn -c:a libmp3lame -b:a 96k -flush_packets 1 -f mp3 {out}` },
      picture: { feed: 'camera', path: '/camera.mjpg', encode: `${quick} -an -vf fps=10 -q:v 6 -flush_packets 1 -f mpjpeg {out}` },
    },
  };
}

/** Writes a configuration to a file of its own; YAML reads JSON. */
export async function writeConfiguration(configuration: object): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-'));
  const file = join(folder, 'weir.yml');
  await writeFile(file, JSON.stringify(configuration, null, 2));
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
