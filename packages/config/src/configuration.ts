import type { FormatName } from '@weir/media';

/**
 * The configuration in its final form: templates resolved, defaults filled in, units converted. It is what `weir render`
 * prints, what control publishes as JSON, and all that ingest and edge ever see. Commands come from here alone.
 */
export interface Configuration {
  /** `host:port` for listeners and, in standalone, pushed sources. Port 0 takes a free one. */
  readonly listen: string;
  readonly feeds: Readonly<Record<string, FeedConfiguration>>;
  readonly streams: Readonly<Record<string, StreamConfiguration>>;
  readonly edge: EdgeConfiguration;
}

/** What holds for each edge process as a whole. */
export interface EdgeConfiguration {
  /** Listeners of one edge process; null: no limit. */
  readonly listenersMax: number | null;
  /** Bits a second that one edge process may send; null: no limit. */
  readonly bitsPerSecondMax: number | null;
  /** IPv4 and IPv6 addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-For` and `Forwarded` are believed. */
  readonly trustedProxies: readonly string[];
  /** Connections begin with a PROXY protocol header (version 1 or 2), which only trusted proxies may send. */
  readonly proxyProtocol: boolean;
}

/** What is run as it stands; `argv[0]` is looked up in PATH. `{in}` and `{out}` are pipes' names here, a shell is `/bin/sh -c`. */
export interface CommandConfiguration {
  readonly argv: readonly string[];
}

export type FeedSource =
  | { readonly kind: 'command'; readonly command: CommandConfiguration; /** The feed on its stdin, or null. */ readonly feed: string | null }
  /** An absolute path. A regular file is paced by its own time stamps; a FIFO or device is read as it comes. */
  | { readonly kind: 'file'; readonly path: string }
  /** The standard input of weir itself; one feed at most. */
  | { readonly kind: 'stdin' };

export type Activity =
  | { readonly mode: 'continuous' }
  /** Runs while somebody listens and `lingerMillis` after the last one left. */
  | { readonly mode: 'on-demand'; readonly lingerMillis: number };

export interface FeedConfiguration {
  readonly name: string;
  readonly source: FeedSource;
  readonly active: Activity;
  readonly restart: boolean;
  /** No bytes, or media time that stands still, for this long: kill and restart. */
  readonly stallMillis: number;
  /** How long a listener's request is held for the first frame. */
  readonly startTimeoutMillis: number;
  /** How long listeners stay connected while there is no source. */
  readonly graceMillis: number;
  readonly onEnd: 'restart' | 'end' | 'loop';
  /** Null: recognised from the first bytes. */
  readonly format: FormatName | null;
  /** For `raw`: cut at multiples of this only; 1 for other formats. */
  readonly blockBytes: number;
  /** For `mpegts` with several programs: the number of the one to serve; null: the first with picture or sound. */
  readonly program: number | null;
}

export interface StreamConfiguration {
  readonly name: string;
  /** The feed the stream comes from, as it is or through `encode`; always one of `feeds`. */
  readonly feed: string;
  readonly encode: CommandConfiguration | null;
  /** The URL path on every edge; `/stream/<name>` answers too. */
  readonly path: string;
  /** Null: recognised from the first bytes. */
  readonly format: FormatName | null;
  readonly blockBytes: number;
  /** Overrides the MIME type the container tells. */
  readonly contentType: string | null;
  readonly startTimeoutMillis: number;
  readonly graceMillis: number;
  readonly stallMillis: number;
  /** A listener further behind than this skips to the newest random access frame. */
  readonly maxLagMillis: number;
  readonly slow: 'skip' | 'disconnect';
  /** Where a listener starts: the next frame, the newest random access frame, or so many milliseconds back. */
  readonly join: { readonly mode: 'live' } | { readonly mode: 'keyframe' } | { readonly mode: 'behind'; readonly behindMillis: number };
  /** Listeners of the stream on one edge process; null: no limit. */
  readonly listenersMax: number | null;
  /** Bits a second that one edge process may send of the stream; null: no limit. */
  readonly bitsPerSecondMax: number | null;
  /** The absolute URL, or path of an edge, that listeners beyond a limit are sent to by 302; null: they are answered 503. */
  readonly overflow: string | null;
  /** A listener is ended, at a frame boundary, after this many bytes; null: never. */
  readonly bytesMax: number | null;
  /** A listener is ended, at a frame boundary, after this long; null: never. */
  readonly durationMillisMax: number | null;
  /** What ICY headers, playlists and pages tell: one line of text; null where nothing is said. */
  readonly title: string | null;
  readonly description: string | null;
  readonly genre: string | null;
  /** An absolute http or https URL. */
  readonly homepage: string | null;
}
