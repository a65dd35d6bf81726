import type { FormatName } from '@weir/media';
import { AdtsFramer } from './adts/framer.ts';
import { FlacFramer } from './flac/framer.ts';
import { FlvFramer } from './flv/framer.ts';
import type { Framer } from './framer.ts';
import { MatroskaFramer } from './matroska/framer.ts';
import { MjpegFramer } from './mjpeg/framer.ts';
import { Mp3Framer } from './mp3/framer.ts';
import { Mp4Framer } from './mp4/framer.ts';
import { MpegtsFramer } from './mpegts/framer.ts';
import { MpjpegFramer } from './mpjpeg/framer.ts';
import { OggFramer } from './ogg/framer.ts';
import { RawFramer } from './raw.ts';
import { WavFramer } from './wav/framer.ts';

/** What a configuration may tell a framer. */
export interface FramerOptions {
  /** mpegts: the program_number to serve; without it, the first program with picture or sound. */
  readonly program?: number;
  /** raw: bytes of a unit that may not be cut. */
  readonly blockBytes?: number;
}

/** A framer at the start of a stream of this format. Options of other formats are ignored. */
export function createFramer(format: FormatName, options: FramerOptions = {}): Framer {
  switch (format) {
    case 'mpegts':
      return new MpegtsFramer(options.program === undefined ? {} : { program: options.program });
    case 'flv':
      return new FlvFramer();
    case 'mp3':
      return new Mp3Framer();
    case 'adts':
      return new AdtsFramer();
    case 'ogg':
      return new OggFramer();
    case 'matroska':
    case 'webm':
      return new MatroskaFramer();
    case 'mp4':
      return new Mp4Framer();
    case 'mpjpeg':
      return new MpjpegFramer();
    case 'mjpeg':
      return new MjpegFramer();
    case 'wav':
      return new WavFramer();
    case 'flac':
      return new FlacFramer();
    case 'raw':
      return new RawFramer(options.blockBytes);
  }
}
