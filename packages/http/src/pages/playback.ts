import { findFormat } from '@weir/media';
import type { StreamStatus } from '@weir/telemetry';

/** What plays a stream: one of the browser's own elements (`img`, `audio`, `video`), or a `player` outside it. */
export type Playback = 'image' | 'audio' | 'video' | 'player';

/**
 * How a browser without scripts plays a stream. A stream that never ran has no format yet: then its MIME type, and after that
 * the extension of its path, stand for it. Ogg video counts as `player`: browsers no longer decode Theora.
 */
export function playbackOf(stream: Pick<StreamStatus, 'format' | 'contentType' | 'path'>): Playback {
  const contentType = stream.contentType ?? '';
  const extension = /\.[A-Za-z0-9]+$/.exec(stream.path)?.[0] ?? '';
  const format = findFormat(stream.format ?? '') ?? findFormat(contentType) ?? findFormat(extension);
  switch (format?.name) {
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
