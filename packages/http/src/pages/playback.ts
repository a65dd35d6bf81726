import { findFormat } from '@weir/media';
import type { Format } from '@weir/media';
import type { StreamStatus } from '@weir/telemetry';

/** What plays a stream: one of the browser's own elements (`img`, `audio`, `video`), or a `player` outside it. */
export type Playback = 'image' | 'audio' | 'video' | 'player';

/**
 * What the play page plays a stream with: as {@link Playback}, or `mpegts` and `flv` for mpegts.js, which hands them to the
 * browser by Media Source Extensions.
 */
export type PagePlayback = Playback | 'mpegts' | 'flv';

type PlayedStream = Pick<StreamStatus, 'format' | 'contentType' | 'path'>;

/** How a browser without scripts plays a stream. Ogg video counts as `player`: browsers no longer decode Theora. */
export function playbackOf(stream: PlayedStream): Playback {
  const contentType = stream.contentType ?? '';
  switch (formatOfStream(stream)?.name) {
    case 'mpjpeg':
      return 'image';
    case 'mp3':
    case 'adts':
    case 'wav':
    case 'flac':
      return 'audio';
    case 'ogg':
      return contentType.startsWith('video/') ? 'player' : 'audio';
    case 'webm':
    case 'mp4':
      return contentType.startsWith('audio/') ? 'audio' : 'video';
    case 'mpegts':
    case 'flv':
    case 'matroska':
    case 'mjpeg':
    case 'raw':
    case undefined:
      return 'player';
  }
}

/** How a browser with scripts plays a stream. Matroska is tried: some browsers play it, depending on what is in it. */
export function pagePlaybackOf(stream: PlayedStream): PagePlayback {
  const format = formatOfStream(stream)?.name;
  if (format === 'mpegts' || format === 'flv') return format;
  return format === 'matroska' ? 'video' : playbackOf(stream);
}

/** A stream that never ran has no format yet: then its MIME type, and after that the extension of its path, stand for it. */
function formatOfStream(stream: PlayedStream): Format | undefined {
  const extension = /\.[A-Za-z0-9]+$/.exec(stream.path)?.[0] ?? '';
  return findFormat(stream.format ?? '') ?? findFormat(stream.contentType ?? '') ?? findFormat(extension);
}
