import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BenchError } from './bench-error.ts';

interface Played {
  readonly name: string;
  /** Stamps included. */
  readonly bitsPerSecond: number;
  /** Bursts, each with one stamp. */
  readonly framesPerSecond: number;
}

/** A transport stream that is played in a loop, in stamped bursts. */
export interface TransportStream extends Played {
  readonly format: 'mpegts';
  /** What FFmpeg makes of its test signals, up to the output. */
  readonly encode: string;
}

/** MP3, a stamp in each frame, made as it is played. */
export interface Mp3Stream extends Played {
  readonly format: 'mp3';
}

/** What can be played. */
export type TestStream = TransportStream | Mp3Stream;

/** The media type of a stream. */
export function contentTypeOf({ format }: TestStream): string {
  return { mpegts: 'video/mp2t', mp3: 'audio/mpeg' }[format];
}

/** The path where it is served. */
export function pathOf({ format }: TestStream): string {
  return { mpegts: '/live.ts', mp3: '/live.mp3' }[format];
}

/** Pictures with sound, up to the sound's bit rate. */
export const picture = (size: string, rate: string): string =>
  `-f lavfi -i testsrc2=size=${size}:rate=25 -f lavfi -i sine -c:v libx264 -preset veryfast -b:v ${rate} -maxrate ${rate} -bufsize ${rate} -g 50 -bf 0 -c:a aac`;

/** Pictures of 1 Mbit/s with sound, a random access frame every two seconds. */
export const video: TransportStream = { name: 'video', format: 'mpegts', bitsPerSecond: 1_000_000, framesPerSecond: 25, encode: `${picture('640x360', '780k')} -b:a 64k` };

/** Pictures at the bit rate that SRS publishes its figures for. */
export const smallVideo: TransportStream = { name: 'small-video', format: 'mpegts', bitsPerSecond: 232_000, framesPerSecond: 25, encode: `${picture('320x180', '90k')} -b:a 32k` };

/** Sound alone in as many frames a second as MP3 of 44.1 kHz has. */
export const radio: TransportStream = { name: 'radio', format: 'mpegts', bitsPerSecond: 128_000, framesPerSecond: 38, encode: '-f lavfi -i sine=sample_rate=44100 -c:a libmp3lame -b:a 32k -ac 1' };

/**
 * Makes the ten seconds that are looped, and returns the file.
 *
 * @throws BenchError when there is no ffmpeg, or it cannot
 */
export function encodeTestStream(stream: TransportStream, folder: string): string {
  const file = join(folder, `${stream.name}.ts`);
  const { status, error, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...stream.encode.split(' '), '-t', '10', '-f', 'mpegts', file], { encoding: 'utf8' });
  if (error !== undefined) throw new BenchError('ffmpeg is not there, and makes what is played: npm run setup');
  if (status !== 0) throw new BenchError(`ffmpeg does not make ${stream.name}:\n${stderr}`);
  return file;
}
