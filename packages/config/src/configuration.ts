import type { FormatName } from '@weir/media';

/**
 * The configuration in its final form: templates resolved, defaults filled in, units converted. It is what `weir render`
 * prints, what control publishes as JSON, and all that ingest and edge ever see. Commands come from here alone.
 */
export interface Configuration {
  /** Tells this fleet, or standalone, from all others in `/stat.json`; none in files: control gives it to what it publishes. */
  readonly deployment?: string;
  /** `host:port` for listeners and, in standalone, pushed sources. Port 0 takes a free one. */
  readonly listen: string;
  /** For HTTPS there, in standalone; null: plain HTTP. Its paths are this machine's: what control publishes never has them. */
  readonly tls: TlsConfiguration | null;
  readonly feeds: Readonly<Record<string, FeedConfiguration>>;
  readonly streams: Readonly<Record<string, StreamConfiguration>>;
  /** In order of preference. Control alone asks them: what is published has none, but the feeds and streams that they give. */
  readonly masters: readonly MasterConfiguration[];
  readonly edge: EdgeConfiguration;
  readonly admin: AdminConfiguration;
  readonly access: AccessConfiguration;
}

/** Who may listen where a stream says nothing else, and what the files hold that streams and feeds name. */
export interface AccessConfiguration {
  /** Of mirrored streams, too; null: anybody may. */
  readonly listeners: ListenerAccess | null;
  /** By absolute path: users with their hashes (bcrypt, apr1, {SHA}), as they stand in the file. */
  readonly htpasswd: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By absolute path: the keys of signed links. Whoever has one can sign. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** From where clients may come, as addresses and networks; an empty `allow`: from everywhere that `deny` has not. */
export interface AddressRules {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** Who may listen: by address and, with `basic` or `signed`, with one of these. The files stand in {@link AccessConfiguration}. */
export interface ListenerAccess extends AddressRules {
  readonly basic: { readonly htpasswdFile: string; readonly realm: string } | null;
  readonly signed: { readonly keyFile: string } | null;
}

/** Who may administer. */
export interface AdminConfiguration {
  /** The SHA-256 of the token that administrators show, in base64; null: none is configured. Never published. */
  readonly tokenHash: string | null;
}

/** Absolute paths of a certificate, with those that lead to its authority, and of its key, both in PEM. */
export interface TlsConfiguration {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Another server whose streams are mirrored. */
export interface MasterConfiguration {
  /** `http` or `https`, without a slash at its end. It may hold a user and password. */
  readonly url: string;
  /** Which of its paths, with `*` for any characters. */
  readonly paths: readonly string[];
  /** What comes before its paths here; empty: nothing. */
  readonly prefix: string;
  /** Between two looks at what it has. */
  readonly refreshMillis: number;
  /** When its streams are relayed. */
  readonly active: Activity;
}

/** Where a mirrored stream comes from. */
export interface StreamMirror {
  /** URLs in order of preference, without user and password. */
  readonly of: readonly string[];
  /** Every {@link Configuration.deployment} that it may come over: one that finds itself here does not mirror it. */
  readonly via: readonly string[];
}

/** What holds for each edge process as a whole. */
export interface EdgeConfiguration {
  /** Listeners of one edge process; null: no limit. */
  readonly listenersMax: number | null;
  /** Bits a second that one edge process may send; null: no limit. */
  readonly bitsPerSecondMax: number | null;
  /** The load, as a share of what one edge process can carry, at which new listeners should go to other edges; null: never. */
  readonly busyAt: number | null;
  /** IPv4 and IPv6 addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-For` and `Forwarded` are believed. */
  readonly trustedProxies: readonly string[];
  /** Connections begin with a PROXY protocol header (version 1 or 2), which only trusted proxies may send. */
  readonly proxyProtocol: boolean;
  /** Where clients find the edges, `https://host:port`; null: each edge by itself. */
  readonly url: string | null;
}

/** What is run as it stands; `argv[0]` is looked up in PATH. `{in}` and `{out}` are pipes' names here, a shell is `/bin/sh -c`. */
export interface CommandConfiguration {
  readonly argv: readonly string[];
}

/**
 * Who may push a source: a user, and the password's scrypt hash, `scrypt$N$r$p$salt$hash` with both in base64; or the users of an
 * htpasswd file, which stands in {@link AccessConfiguration}.
 */
export type PushCredentials = { readonly user: string; readonly passwordHash: string } | { readonly htpasswdFile: string };

/** How a file is read: by its own time stamps, as it comes, or at a rate. */
export type Pace = { readonly by: 'timestamps' } | { readonly by: 'nothing' } | { readonly by: 'rate'; readonly bytesPerSecond: number };

export type FeedSource =
  /** `feeds` are on its `pipe:0`, `pipe:3`, `pipe:4` and so on; a command that captures by itself has none. */
  | { readonly kind: 'command'; readonly command: CommandConfiguration; readonly feeds: readonly string[] }
  /** An absolute path. Without a pace, a regular file goes by its own time stamps and a FIFO or device as it comes. */
  | { readonly kind: 'file'; readonly path: string; readonly pace: Pace | null }
  /**
   * What a client sends to a URL path of an ingest. Null credentials: anybody may. A path with a `*` has a source for each name
   * in its place, at most `sourcesMax` at once on one ingest; null where there is no `*`.
   */
  | { readonly kind: 'push'; readonly path: string; readonly credentials: PushCredentials | null; readonly addresses: AddressRules; readonly takeover: boolean; readonly sourcesMax: number | null }
  /** The first URL that works: `http`, `https`, or `udp` of an address or a multicast group. They may hold passwords. */
  | { readonly kind: 'relay'; readonly urls: readonly string[] }
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
  /** Feeds that take its place in its streams while it gives nothing, unless a stream has its own. */
  readonly fallback: readonly string[];
  /** Labels that an ingest must have to run it; none: any ingest may. */
  readonly on: readonly string[];
  /** For `mpegts` with several programs: the number of the one to serve; null: the first with picture or sound. */
  readonly program: number | null;
}

export interface StreamConfiguration {
  readonly name: string;
  /** The feed the stream comes from, as it is or through `encode`; always one of `feeds`. */
  readonly feed: string;
  /** What `encode` reads besides, on `pipe:3`, `pipe:4` and so on. */
  readonly otherFeeds: readonly string[];
  /** Feeds of the same format that take the place of `feed` while it gives nothing; the first that does. */
  readonly fallback: readonly string[];
  readonly encode: CommandConfiguration | null;
  /** Labels that an ingest must have to run `encode`, which its feeds then reach over the bus; null: it runs beside its feed. */
  readonly on: readonly string[] | null;
  /** `exclusive`: each listener has a run of `encode` of its own. */
  readonly client: 'shared' | 'exclusive';
  /** `shot`: one picture, which its encoder makes whenever somebody asks. */
  readonly type: 'stream' | 'shot';
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
  /** Frames wait so long for each other, to leave together; 0: they leave at once. */
  readonly gatherMillis: number;
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
  /** Who may listen; null: anybody. */
  readonly access: ListenerAccess | null;
  /** Of a stream that no file names. */
  readonly mirror?: StreamMirror;
}
