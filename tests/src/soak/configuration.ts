import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SoakError } from './soak-error.ts';

const quiet = 'ffmpeg -nostdin -hide_banner -loglevel warning';
const tone = (hertz: number): string => `-f lavfi -i sine=frequency=${hertz}:sample_rate=22050`;
const picture = (rate: number): string => `-f lavfi -i testsrc2=size=160x90:rate=${rate}`;
const mp3 = '-c:a libmp3lame -b:a 32k -flush_packets 1 -f mp3';

/** What administrators and sources show. */
export const password = 'soak-and-soak';

/** Where pushed sources come to, with names of their own. */
export const patternPath = '/live/';

/** Files that feeds loop, by name. */
export interface Media {
  readonly jingle: string;
  readonly film: string;
  readonly clip: string;
  readonly wide: string;
}

/** Makes them with ffmpeg, ten seconds each. @throws SoakError when it cannot */
export function makeMedia(folder: string): Media {
  const make = (name: string, argv: string): string => {
    const file = join(folder, name);
    const { status, stderr, error } = spawnSync('ffmpeg', [...`-nostdin -v error -y ${argv}`.split(' '), file], { encoding: 'utf8' });
    if (status !== 0) throw new SoakError(`ffmpeg makes no ${name}: ${error?.message ?? stderr}`);
    return file;
  };
  const wide = join(folder, 'wide.bin');
  writeFileSync(wide, Buffer.alloc(4 * 1024 * 1024, 'weir'));
  return {
    jingle: make('jingle.mp3', `${tone(660)} -t 10 -c:a libmp3lame -b:a 32k`),
    film: make('film.webm', `${picture(10)} -t 10 -c:v libvpx -deadline realtime -g 20 -b:v 100k -f webm`),
    clip: make('clip.flv', `${picture(10)} ${tone(440)} -t 10 -c:v libx264 -preset ultrafast -g 20 -pix_fmt yuv420p -c:a aac -f flv`),
    wide,
  };
}

/**
 * The fleet's: streams of nine formats from commands, files, pushed sources and a relay, with fallbacks and chains of encoders.
 *
 * @param origin the URL of the server that is relayed
 * @param extra the name of one more stream, which each reload changes
 */
export function fleetConfiguration({ jingle, film, clip, wide }: Media, origin: string, extra: string | null): object {
  return {
    edge: { trusted_proxies: ['127.0.0.1'], max_listeners: 500 },
    feeds: {
      camera: { command: `${quiet} -re ${picture(10)} -re ${tone(330)} -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 10 -c:a aac -b:a 32k -flush_packets 1 -muxdelay 0 -f mpegts {out}`, active: '5s' },
      samples: { feed: 'camera', command: `${quiet} -fflags nobuffer -probesize 100k -analyzeduration 1M -f mpegts -i {in} -vn -f s16le -ar 22050 -ac 1 {out}`, format: 'raw', block_bytes: 2 },
      jingles: { file: jingle, on_end: 'loop' },
      film: { file: film, on_end: 'loop' },
      clip: { file: clip, on_end: 'loop' },
      wide: { file: wide, on_end: 'loop', pace: '512KB', format: 'raw' },
      afar: { relay: [`${origin}/tone.mp3`] },
      studio: { push: '/studio.mp3', source: { password }, takeover: true, grace: '5s' },
      guests: { push: `${patternPath}*`, source: { password }, max_sources: 8, grace: '2s' },
      flaky: { command: `if [ $(($(date +%s) / 20 % 3)) = 0 ]; then echo broken >&2; exit 1; fi; exec ${quiet} -re ${tone(550)} -t 7 ${mp3} -`, shell: true, grace: '5s', start_timeout: '5s' },
      slides: { command: `${quiet} -re ${picture(2)} -flush_packets 1 -f mpjpeg {out}` },
    },
    streams: {
      camera: { feed: 'camera', path: '/camera.ts' },
      sound: { feed: 'camera', path: '/sound.mp3', encode: `${quiet} -fflags nobuffer -probesize 100k -analyzeduration 1M -f mpegts -i {in} -vn -ar 22050 ${mp3} {out}` },
      chain: { feed: 'samples', path: '/chain.ogg', encode: `${quiet} -f s16le -ar 22050 -ac 1 -i {in} -c:a libvorbis -page_duration 100000 -flush_packets 1 -f ogg {out}` },
      film: { feed: 'film', path: '/film.webm' },
      clip: { feed: 'clip', path: '/clip.flv' },
      wide: { feed: 'wide', path: '/wide', max_lag: '3s' },
      afar: { feed: 'afar', path: '/afar.mp3' },
      studio: { feed: 'studio', path: '/studio.mp3', fallback: ['jingles'] },
      flaky: { feed: 'flaky', path: '/flaky.mp3' },
      slides: { feed: 'slides', path: '/slides.mjpg' },
      own: { feed: 'jingles', path: '/own.flac', client: 'exclusive', max_listeners: 4, encode: `${quiet} -f mp3 -i {in} -c:a flac -flush_packets 1 -f flac {out}` },
      shot: { feed: 'camera', path: '/shot.jpg', type: 'shot', encode: `${quiet} -f mpegts -probesize 100k -analyzeduration 1M -i {in} -frames:v 1 -c:v mjpeg -f image2pipe {out}` },
      live: { feed: 'guests', path: `${patternPath}*` },
      low: { feed: 'guests', path: '/low/*.ogg', encode: `${quiet} -f mp3 -i {in} -c:a libvorbis -flush_packets 1 -f ogg {out}` },
      ...(extra === null ? {} : { [extra]: { command: ['sh', '-c', `echo hello >&2; exec ${quiet} -re ${tone(220)} ${mp3} -`], path: `/${extra}.mp3` } }),
    },
  };
}

/** Of the weir beside the fleet, which the fleet relays and which mirrors the fleet. @param master an edge's URL */
export function standaloneConfiguration({ clip }: Media, listen: string, master: string, extra: string | null): object {
  return {
    listen,
    edge: { trusted_proxies: ['127.0.0.1'] },
    masters: [{ url: master, prefix: '/fleet', refresh: '5s' }],
    feeds: {
      clip: { file: clip, on_end: 'loop' },
      guests: { push: `${patternPath}*`, source: { password }, max_sources: 8, grace: '2s' },
    },
    streams: {
      tone: { command: `${quiet} -re ${tone(880)} ${mp3} {out}`, path: '/tone.mp3' },
      clip: { feed: 'clip', path: '/clip.flv' },
      live: { feed: 'guests', path: `${patternPath}*` },
      ...(extra === null ? {} : { [extra]: { feed: 'clip', path: `/${extra}.flv` } }),
    },
  };
}

/** Where a listener may go, on an edge of the fleet. */
export const fleetPaths: readonly string[] = ['/camera.ts', '/sound.mp3', '/chain.ogg', '/film.webm', '/clip.flv', '/afar.mp3', '/studio.mp3', '/flaky.mp3', '/slides.mjpg'];

/** Where a listener may go, on standalone. */
export const standalonePaths: readonly string[] = ['/tone.mp3', '/clip.flv', '/fleet/studio.mp3', '/fleet/film.webm'];
