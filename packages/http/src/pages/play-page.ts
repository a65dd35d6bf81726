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
}

/**
 * The page at `/play/<stream>`, which plays it: without scripts what the browser's own elements can play; with
 * `/assets/play.js` also MPEG-TS and FLV, near now, and again after whatever ends it. HTML, UTF-8. Making it wakes nothing.
 */
export function playPage(stream: StreamStatus, options: PlayPageOptions): string {
  const playback = pagePlaybackOf(stream);
  const url = urlOf(options.origin, stream.path);
  return render('play', {
    title: stream.title ?? stream.name,
    facts: [...(stream.title === null ? [] : [stream.name]), stream.format ?? '', stream.path].filter((fact) => fact !== ''),
    playback,
    href: hrefOf(stream.path),
    source: hrefOf(stream.path) + (playback === 'audio' ? soundJoin : ''),
    url,
    playlists: playlistExtensions.map((name) => ({ name, href: hrefOf(`${stream.path}.${name}`) })),
    commands: url === null ? [] : [`ffplay -analyzeduration 500k ${url}`, `mpv --profile=low-latency ${url}`, `vlc ${url}`],
    scripts: playback === 'mpegts' || playback === 'flv' ? [mpegtsPath] : [],
    weirVersion: options.weirVersion,
    startPath: options.startPath,
    statPath: options.statPath,
  });
}
