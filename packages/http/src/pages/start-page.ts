import type { FleetStatus, Mood, StreamStatus } from '@weir/telemetry';
import { hrefOf, playPath, urlOf } from './href.ts';
import { playbackOf } from './playback.ts';
import type { Playback } from './playback.ts';
import { formatBitRate, formatCount } from './quantity.ts';
import { render } from './templates.ts';
import { thumbnailHref } from './thumbnail.ts';

/** A picture that moves holds one of the about six connections a browser opens to a server, and wakes its source. */
const imagesMax = 4;
/** Pixels: one of the widths that pictures come in. */
const thumbnailWidth = 640;
/** Up to this many streams have their commands unfolded. */
const unfoldedStreamsMax = 6;

export interface StartPageOptions {
  /** Where the client found this server, `http://host:port`: what the commands to copy begin with. */
  readonly origin: string;
  /** The status page's path; null where there is none. */
  readonly statPath: string | null;
  /** Where the streams are: `http://host:port`, nothing for this server; null when nobody serves them. */
  readonly streamsOrigin: string | null;
}

interface StreamCard {
  readonly name: string;
  readonly path: string;
  readonly mood: Mood;
  /** Null when nobody serves it. */
  readonly href: string | null;
  readonly playHref: string;
  /** A picture of now, where nothing moves in the page. */
  readonly thumbnailHref: string | null;
  /** The element that plays it within the page; null for a link alone. */
  readonly element: Exclude<Playback, 'player'> | null;
  readonly facts: readonly string[];
  readonly url: string | null;
  readonly commands: readonly string[];
}

/** The page at `/`: what is on, and how to play it. Works without scripts. HTML, UTF-8. */
export function startPage(status: FleetStatus, options: StartPageOptions): string {
  let images = 0;
  const streams = status.streams.map((stream, index) => {
    const playback = playbackOf(stream);
    if (playback === 'image' && stream.protected !== true) images++;
    return cardOf(stream, playback === 'image' && images > imagesMax ? 'player' : playback, index, status.time, options);
  });
  const count = status.streams.length;
  return render('start', {
    streams,
    unfolded: count <= unfoldedStreamsMax,
    summary: `${formatCount(count)} ${count === 1 ? 'stream' : 'streams'}, ${formatCount(status.listeners)} listening`,
    weirVersion: status.weirVersion,
    startPath: '/',
    statPath: options.statPath,
  });
}

function cardOf(stream: StreamStatus, playback: Playback, index: number, time: string, options: StartPageOptions): StreamCard {
  const { streamsOrigin } = options;
  const served = streamsOrigin ?? '';
  const url = streamsOrigin === null ? null : urlOf(served === '' ? options.origin : served, stream.path);
  const thumbnail = playback === 'player' && streamsOrigin !== null ? thumbnailHref(stream, thumbnailWidth, index, time) : null;
  const facts = [`${formatCount(stream.listeners)} listening`];
  if (stream.format !== null) facts.unshift(stream.format);
  if (stream.protected === true) facts.push('not for everybody');
  if (stream.bitsPerSecondIn > 0) facts.push(formatBitRate(stream.bitsPerSecondIn));
  return {
    name: stream.title ?? stream.name,
    path: stream.path,
    mood: stream.mood,
    href: streamsOrigin === null ? null : served + hrefOf(stream.path),
    playHref: hrefOf(playPath(stream.name)),
    thumbnailHref: thumbnail === null ? null : served + thumbnail,
    // A password is asked for on the page that plays it.
    element: playback === 'player' || streamsOrigin === null || stream.protected === true ? null : playback,
    facts,
    url,
    commands: playback === 'player' && url !== null ? [`ffplay ${url}`, `vlc ${url}`] : [],
  };
}
