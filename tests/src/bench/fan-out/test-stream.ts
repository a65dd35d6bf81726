import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BenchError } from './bench-error.ts';

/** A transport stream that is played in a loop, in stamped bursts. */
export interface TestStream {
  readonly name: string;
  /** Stamps included. */
  readonly bitsPerSecond: number;
  /** Bursts, each with one stamp. */
  readonly framesPerSecond: number;
  /** What FFmpeg makes of its test signals, up to the output. */
  readonly encode: string;
}

const picture = (size: string, rate: string): string =>
  `-f lavfi -i testsrc2=size=${size}:rate=25 -f lavfi -i sine -c:v libx264 -preset veryfast -b:v ${rate} -maxrate ${rate} -bufsize ${rate} -g 50 -bf 0 -c:a aac`;

/** Pictures of 1 Mbit/s with sound, a random access frame every two seconds. */
export const video: TestStream = { name: 'video', bitsPerSecond: 1_000_000, framesPerSecond: 25, encode: `${picture('640x360', '780k')} -b:a 64k` };

/** Pictures at the bit rate that SRS publishes its figures for. */
export const smallVideo: TestStream = { name: 'small-video', bitsPerSecond: 232_000, framesPerSecond: 25, encode: `${picture('320x180', '90k')} -b:a 32k` };

/** Sound alone in as many frames a second as MP3 of 44.1 kHz has. */
export const radio: TestStream = { name: 'radio', bitsPerSecond: 128_000, framesPerSecond: 38, encode: '-f lavfi -i sine=sample_rate=44100 -c:a libmp3lame -b:a 32k -ac 1' };

/**
 * Makes the ten seconds that are looped, and returns the file.
 *
 * @throws BenchError when there is no ffmpeg, or it cannot
 */
export function encodeTestStream(stream: TestStream, folder: string): string {
  const file = join(folder, `${stream.name}.ts`);
  const { status, error, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...stream.encode.split(' '), '-t', '10', '-f', 'mpegts', file], { encoding: 'utf8' });
  if (error !== undefined) throw new BenchError('ffmpeg is not there, and makes what is played: npm run setup');
  if (status !== 0) throw new BenchError(`ffmpeg does not make ${stream.name}:\n${stderr}`);
  return file;
}
