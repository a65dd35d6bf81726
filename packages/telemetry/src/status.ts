/**
 * What weir tells of itself: the shapes of `/stat.json` and of the status messages on the bus. Arrays are always arrays, strings
 * always strings, times ISO 8601 in UTC, rates bits a second. A change that a reader could trip over needs a new version.
 */
export const statusVersion = 1;

/**
 * - `sleeping` nobody needs it; `waking` started, nothing came yet; `happy` data flows; `hungry` runs without data
 * - `sad` failed, and will be tried again; `ended` over for good; `lost` its owner vanished
 * - `stopped` by an administrator, until one starts it again
 */
export type Mood = 'sleeping' | 'waking' | 'happy' | 'hungry' | 'sad' | 'ended' | 'lost' | 'stopped';

/** A feed or an encoder, as its owner sees it. */
export interface ProducerStatus {
  readonly name: string;
  readonly kind: 'feed' | 'encoder';
  readonly mood: Mood;
  readonly since: string;
  /** Why it is sad, or was last. */
  readonly lastError: string | null;
  /** The ingest that runs it. */
  readonly owner: string;
  readonly pid: number | null;
  /** The container, once known. */
  readonly format: string | null;
  readonly epoch: number | null;
  readonly restarts: number;
  readonly bytes: number;
  readonly frames: number;
  /** Bytes that belonged to no frame, and losses the container itself showed. */
  readonly skippedBytes: number;
  readonly gaps: number;
  readonly bitsPerSecond: number;
  /** What is on, one line, where the source has told; whatever characters it likes. */
  readonly title?: string;
}

/** A stream as one edge sees it. */
export interface EdgeStreamStatus {
  readonly name: string;
  readonly path: string;
  /** `idle` nobody listens; `waiting` for its first frame; `live`; `silent` no source, listeners held; `ended`. */
  readonly state: 'idle' | 'waiting' | 'live' | 'silent' | 'ended';
  readonly contentType: string | null;
  readonly listeners: number;
  readonly listenersPeak: number;
  readonly listenersTotal: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly bitsPerSecondIn: number;
  readonly bitsPerSecondOut: number;
  /** How often a listener was moved on to the newest random access frame. */
  readonly skips: number;
  readonly gapsMended: number;
  readonly gapsLost: number;
}

/** One process of the fleet. */
export interface InstanceStatus {
  readonly instance: string;
  readonly version: string;
  readonly since: string;
  readonly pid: number;
}

/** What an ingest tells each second. */
export interface IngestStatus extends InstanceStatus {
  readonly role: 'ingest';
  readonly producers: readonly ProducerStatus[];
}

/** What an edge tells each second. */
export interface EdgeStatus extends InstanceStatus {
  readonly role: 'edge';
  /** `http://host:port` as it listens. */
  readonly url: string;
  /** It takes no new listeners. */
  readonly draining?: true;
  readonly streams: readonly EdgeStreamStatus[];
}

/** Where a mirrored stream comes from. */
export interface MirrorStatus {
  /** URLs in order of preference, without user and password. */
  readonly of: readonly string[];
  /** Every {@link FleetStatus.deployment} that it may come over. */
  readonly via: readonly string[];
}

/** Another server whose streams are mirrored. */
export interface MasterStatus {
  /** Without user and password. */
  readonly url: string;
  /** `waking` has not answered yet; `happy` answers; `sad` does not, and its streams stay as they are. */
  readonly mood: Extract<Mood, 'waking' | 'happy' | 'sad'>;
  readonly since: string;
  readonly lastError: string | null;
  /** What it is; null before its first answer. */
  readonly software: 'weir' | 'icecast' | 'savate' | 'list' | null;
  /** Of its streams, those that it gives here. */
  readonly streams: number;
}

/** A stream over the whole fleet: each listener counted once, at the edge that serves it. */
export interface StreamStatus {
  readonly name: string;
  /** What it is called where people see it; null where nothing is configured. */
  readonly title: string | null;
  readonly path: string;
  /** The path of a picture of now; null where the format is known to have none. */
  readonly picture: string | null;
  /** Not everybody may listen, or see its pictures. */
  readonly protected?: true;
  readonly feed: string;
  /** The mood of what it comes from: its encoder, else its feed. */
  readonly mood: Mood;
  /** A hash of its configuration. An edge alone leaves it out. */
  readonly configuration?: string;
  /** A hash of what it comes from: a reload to another one starts its source again. */
  readonly source?: string;
  readonly format: string | null;
  readonly contentType: string | null;
  readonly listeners: number;
  readonly listenersPeak: number;
  readonly listenersTotal: number;
  readonly bytesOut: number;
  readonly bitsPerSecondIn: number;
  readonly bitsPerSecondOut: number;
  readonly skips: number;
  /** Of a stream that no configuration file names. */
  readonly mirror?: MirrorStatus;
}

/** A feed over the whole fleet: what its owner tells. */
export interface FeedStatus extends ProducerStatus {
  /** A hash of its configuration and that of the feeds it reads: a reload to another one starts it again. */
  readonly configuration?: string;
}

/** What holds for the configuration as a whole. */
export interface SettingsStatus {
  /** The configured address of this process; null when something else says where it listens. */
  readonly listen: string | null;
  /** A hash of the `edge` section. */
  readonly edge: string;
  /** A hash of the `masters` section, secrets aside. */
  readonly masters: string;
  /** What runs once for each of its sources, which are told under names such as `live/anna`. */
  readonly patterns: {
    readonly feeds: readonly { readonly name: string; readonly configuration: string }[];
    readonly streams: readonly { readonly name: string; readonly feed: string; readonly configuration: string; readonly source: string }[];
  };
}

/** `/stat.json`. */
export interface FleetStatus {
  readonly version: typeof statusVersion;
  readonly name: 'weir';
  readonly weirVersion: string;
  /** Tells this fleet, or standalone, from all others; left out before there is a configuration. */
  readonly deployment?: string;
  readonly time: string;
  readonly since: string;
  readonly listeners: number;
  /** Left out by an edge alone, and before there is a configuration. */
  readonly settings?: SettingsStatus;
  readonly streams: readonly StreamStatus[];
  readonly feeds: readonly FeedStatus[];
  readonly encoders: readonly ProducerStatus[];
  /** None are told by an edge alone. */
  readonly masters: readonly MasterStatus[];
  readonly ingests: readonly InstanceStatus[];
  readonly edges: readonly (InstanceStatus & { readonly url: string; readonly listeners: number; readonly draining?: true })[];
}
