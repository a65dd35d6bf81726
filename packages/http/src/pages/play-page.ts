import type { StreamStatus } from '@weir/telemetry';
import { mpegtsPath } from './assets.ts';
import { hrefOf, urlOf } from './href.ts';
import { pagePlaybackOf } from './playback.ts';
import { render } from './templates.ts';

/** What stands behind a stream's path for a playlist of it. */
const playlistExtensions = ['m3u', 'pls', 'xspf'];

/**
 * Browsers play no sound before they have some 32 kB of it, which at 128 kbit/s are two seconds: those before now come at once, and
 * the delay is the same.
 */
const soundJoin = '?join=2';

export interface PlayPageOptions {
  readonly weirVersion: string;
  /** Where the client found this server, `http://host:port`: what the URLs to copy begin with. */
  readonly origin: string;
  /** The start page's path; null where there is none. */
  readonly startPath: string | null;
  /** The status page's path; null where there is none. */
  readonly statPath: string | null;
  /** The query of the signed link that led here, without a question mark; left out: none did. */
  readonly signed?: string;
}

/**
 * The page at `/play/<stream>`, which plays it: without scripts what the browser's own elements can play; with
 * `/assets/play.js` also MPEG-TS and FLV, near now, and again after whatever ends it. HTML, UTF-8. Making it wakes nothing.
 */
export function playPage(stream: StreamStatus, options: PlayPageOptions): string {
  const playback = pagePlaybackOf(stream);
  const { signed = '' } = options;
  const suffix = signed === '' ? '' : `?${signed}`;
  const plain = urlOf(options.origin, stream.path);
  const url = plain === null ? null : plain + suffix;
  // In a terminal a query with several parts needs quotes.
  const word = signed === '' ? url : `'${url}'`;
  return render('play', {
    title: stream.title ?? stream.name,
    facts: [...(stream.title === null ? [] : [stream.name]), stream.format ?? '', stream.path].filter((fact) => fact !== ''),
    playback,
    href: hrefOf(stream.path) + suffix,
    source: hrefOf(stream.path) + (playback === 'audio' ? soundJoin + suffix.replace('?', '&') : suffix),
    url,
    playlists: playlistExtensions.map((name) => ({ name, href: hrefOf(`${stream.path}.${name}`) + suffix })),
    commands: url === null ? [] : [`ffplay -analyzeduration 500k ${word}`, `mpv --profile=low-latency ${word}`, `vlc ${word}`],
    scripts: playback === 'mpegts' || playback === 'flv' ? [mpegtsPath] : [],
    weirVersion: options.weirVersion,
    startPath: options.startPath,
    statPath: options.statPath,
  });
}
