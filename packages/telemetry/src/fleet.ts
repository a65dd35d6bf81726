import { findFormat } from '@weir/media';
import { statusVersion } from './status.ts';
import type { EdgeStatus, EdgeStreamStatus, FeedStatus, FleetStatus, IngestStatus, MasterStatus, MirrorStatus, Mood, ProducerStatus, SettingsStatus, StreamStatus } from './status.ts';

/** What the status needs to know of a configured stream. */
export interface ConfiguredStream {
  readonly name: string;
  readonly title?: string | null;
  readonly path: string;
  readonly feed: string;
  readonly encoded: boolean;
  readonly format: string | null;
  readonly mirror?: MirrorStatus;
  /** Who may listen; null or left out: anybody. */
  readonly access?: object | null;
  /** The hashes to tell. */
  readonly configuration?: string;
  readonly source?: string;
}

/** What the status needs to know of a configured feed. */
export interface ConfiguredFeed {
  readonly name: string;
  /** The hash to tell. */
  readonly configuration?: string;
}

export interface FleetParts {
  readonly weirVersion: string;
  readonly deployment?: string | undefined;
  /** When the one who tells started. */
  readonly since: string;
  readonly time: string;
  readonly streams: readonly ConfiguredStream[];
  readonly feeds: readonly ConfiguredFeed[];
  readonly settings?: SettingsStatus;
  readonly masters?: readonly MasterStatus[];
  /** What administrators have stopped: nobody may have to tell of it. */
  readonly stopped?: readonly StoppedStatus[];
  readonly ingests: readonly IngestStatus[];
  readonly edges: readonly EdgeStatus[];
}

/** A feed or an encoder that is stopped. */
export interface StoppedStatus extends Pick<ProducerStatus, 'kind' | 'name' | 'since'> {}

/** Adds up what instances tell of themselves: each listener is counted once, at the edge that serves it. */
export function fleetStatus(parts: FleetParts): FleetStatus {
  const told = parts.ingests.flatMap((ingest) => ingest.producers);
  const feeds = parts.feeds.map(({ name, configuration }): FeedStatus => ({ ...accountOf('feed', name, told, parts), ...hashed(configuration) }));
  const encoded = parts.streams.filter((stream) => stream.encoded);
  const encoders = encoded.map(({ name }) => accountOf('encoder', name, told, parts));
  const producers = [...feeds, ...encoders];
  const streams = parts.streams.map((stream) => streamStatus(stream, producers, parts.edges));
  return {
    version: statusVersion,
    name: 'weir',
    weirVersion: parts.weirVersion,
    ...(parts.deployment === undefined ? {} : { deployment: parts.deployment }),
    time: parts.time,
    since: parts.since,
    listeners: sum(streams, (stream) => stream.listeners),
    ...(parts.settings === undefined ? {} : { settings: parts.settings }),
    streams,
    feeds,
    encoders,
    masters: parts.masters ?? [],
    ingests: parts.ingests.map(({ instance, version, since, pid }) => ({ instance, version, since, pid })),
    edges: parts.edges.map(({ instance, version, since, pid, url, draining, streams: served }) => ({
      instance,
      version,
      since,
      pid,
      url,
      listeners: sum(served, (stream) => stream.listeners),
      ...(draining === true ? { draining } : {}),
    })),
  };
}

function hashed(configuration: string | undefined): { readonly configuration?: string } {
  return configuration === undefined ? {} : { configuration };
}

/** What its owner tells; a lost owner's account only when nobody else has one; without any it sleeps or is stopped, owned by nobody. */
function accountOf(kind: ProducerStatus['kind'], name: string, told: readonly ProducerStatus[], { time, stopped = [] }: FleetParts): ProducerStatus {
  const accounts = told.filter((producer) => producer.kind === kind && producer.name === name);
  const account = accounts.find((producer) => producer.mood !== 'lost') ?? accounts[0];
  const stop = stopped.find((each) => each.kind === kind && each.name === name);
  if (account !== undefined && !(account.mood === 'lost' && stop !== undefined)) return account;
  const none = { lastError: null, owner: '', pid: null, format: null, epoch: null, restarts: 0 };
  return { name, kind, mood: stop === undefined ? 'sleeping' : 'stopped', since: stop?.since ?? time, ...none, bytes: 0, frames: 0, skippedBytes: 0, gaps: 0, bitsPerSecond: 0 };
}

function streamStatus(stream: ConfiguredStream, producers: readonly ProducerStatus[], edges: readonly EdgeStatus[]): StreamStatus {
  const served = edges.flatMap((edge) => edge.streams.filter((each) => each.name === stream.name));
  const kind = stream.encoded ? 'encoder' : 'feed';
  const producer = producers.find((each) => each.kind === kind && each.name === (stream.encoded ? stream.name : stream.feed));
  const format = producer?.format ?? stream.format;
  const contentType = served.find((each) => each.contentType !== null)?.contentType ?? null;
  return {
    name: stream.name,
    title: stream.title ?? null,
    path: stream.path,
    picture: picturePath(stream.path, format, contentType),
    ...(stream.access === undefined || stream.access === null ? {} : { protected: true as const }),
    feed: stream.feed,
    mood: producer === undefined || (producer.owner === '' && producer.mood !== 'stopped') ? moodOf(served) : producer.mood,
    ...hashed(stream.configuration),
    ...(stream.source === undefined ? {} : { source: stream.source }),
    format,
    contentType,
    listeners: sum(served, (each) => each.listeners),
    listenersPeak: sum(served, (each) => each.listenersPeak),
    listenersTotal: sum(served, (each) => each.listenersTotal),
    bytesOut: sum(served, (each) => each.bytesOut),
    bitsPerSecondIn: producer?.owner ? producer.bitsPerSecond : Math.max(0, ...served.map((each) => each.bitsPerSecondIn)),
    bitsPerSecondOut: sum(served, (each) => each.bitsPerSecondOut),
    skips: sum(served, (each) => each.skips),
    ...(stream.mirror === undefined ? {} : { mirror: stream.mirror }),
  };
}

/** A stream that never ran has no format yet: then the extension of its path stands for it. */
function picturePath(path: string, format: string | null, contentType: string | null): string | null {
  const known = findFormat(format ?? /\.([A-Za-z0-9]+)$/.exec(path)?.[1] ?? '');
  if (known?.video === false || contentType?.startsWith('audio/') === true) return null;
  return path === '/' ? '/pic' : `${path}/pic`;
}

/** An edge alone does not see the source: it judges by what arrives. */
function moodOf(served: readonly EdgeStreamStatus[]): Mood {
  const states = new Set(served.map((each) => each.state));
  if (states.has('live')) return 'happy';
  if (states.has('waiting')) return 'waking';
  if (states.has('silent')) return 'hungry';
  return states.has('ended') ? 'ended' : 'sleeping';
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
