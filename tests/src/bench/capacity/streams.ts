import { picture, video } from '../fan-out/test-stream.ts';
import type { Mp3Stream, TestStream, TransportStream } from '../fan-out/test-stream.ts';

/** A stream whose servers are filled with listeners. */
export interface CapacityStream {
  readonly name: 'radio' | 'video' | 'wide-video';
  readonly title: string;
  readonly played: TestStream;
  /** Listeners at whom everybody is compared: what the weakest should carry. */
  readonly middle: number;
  /** Of so many listeners one looks for stamps: looking at all bytes of all would fill the client's core. */
  readonly every: number;
}

/** 44.1 kHz, 128 kbit/s: 38.28 frames a second. */
const radio: Mp3Stream = { name: 'radio-mp3', format: 'mp3', bitsPerSecond: 128_000, framesPerSecond: 44_100 / 1152 };

const wideVideo: TransportStream = {
  name: 'wide-video',
  format: 'mpegts',
  bitsPerSecond: 5_000_000,
  framesPerSecond: 25,
  encode: `${picture('1280x720', '4500k')} -b:a 128k`,
};

/** All of them. */
export const capacityStreams: readonly CapacityStream[] = [
  { name: 'radio', title: 'MP3, 128 kbit/s', played: radio, middle: 2000, every: 1 },
  { name: 'video', title: 'MPEG-TS, 1 Mbit/s', played: video, middle: 500, every: 4 },
  { name: 'wide-video', title: 'MPEG-TS, 5 Mbit/s', played: wideVideo, middle: 100, every: 8 },
];
