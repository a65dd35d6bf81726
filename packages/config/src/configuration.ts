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
}
