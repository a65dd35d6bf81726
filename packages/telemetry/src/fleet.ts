import { statusVersion } from './status.ts';
import type { EdgeStatus, EdgeStreamStatus, FleetStatus, IngestStatus, Mood, ProducerStatus, StreamStatus } from './status.ts';

/** What the status needs to know of a configured stream. */
export interface ConfiguredStream {
  readonly name: string;
  readonly path: string;
  readonly feed: string;
  readonly encoded: boolean;
  readonly format: string | null;
}

export interface FleetParts {
  readonly weirVersion: string;
  /** When the one who tells started. */
  readonly since: string;
  readonly time: string;
  readonly streams: readonly ConfiguredStream[];
  readonly ingests: readonly IngestStatus[];
  readonly edges: readonly EdgeStatus[];
}

/** Adds up what instances tell of themselves: each listener is counted once, at the edge that serves it. */
export function fleetStatus(parts: FleetParts): FleetStatus {
  const producers = parts.ingests.flatMap((ingest) => ingest.producers);
  const streams = parts.streams.map((stream) => streamStatus(stream, producers, parts.edges));
  return {
    version: statusVersion,
    name: 'weir',
    weirVersion: parts.weirVersion,
    time: parts.time,
    since: parts.since,
    listeners: sum(streams, (stream) => stream.listeners),
    streams,
    feeds: producers.filter((producer) => producer.kind === 'feed'),
    encoders: producers.filter((producer) => producer.kind === 'encoder'),
    ingests: parts.ingests.map(({ instance, version, since, pid }) => ({ instance, version, since, pid })),
    edges: parts.edges.map(({ instance, version, since, pid, url, streams: served }) => ({
      instance,
      version,
      since,
      pid,
      url,
      listeners: sum(served, (stream) => stream.listeners),
    })),
  };
}

function streamStatus(stream: ConfiguredStream, producers: readonly ProducerStatus[], edges: readonly EdgeStatus[]): StreamStatus {
  const served = edges.flatMap((edge) => edge.streams.filter((each) => each.name === stream.name));
  const kind = stream.encoded ? 'encoder' : 'feed';
  const producer = producers.find((each) => each.kind === kind && each.name === (stream.encoded ? stream.name : stream.feed));
  return {
    name: stream.name,
    path: stream.path,
    feed: stream.feed,
    mood: producer?.mood ?? moodOf(served),
    format: producer?.format ?? stream.format,
    contentType: served.find((each) => each.contentType !== null)?.contentType ?? null,
    listeners: sum(served, (each) => each.listeners),
    listenersPeak: sum(served, (each) => each.listenersPeak),
    listenersTotal: sum(served, (each) => each.listenersTotal),
    bytesOut: sum(served, (each) => each.bytesOut),
    bitsPerSecondIn: producer?.bitsPerSecond ?? Math.max(0, ...served.map((each) => each.bitsPerSecondIn)),
    bitsPerSecondOut: sum(served, (each) => each.bitsPerSecondOut),
    skips: sum(served, (each) => each.skips),
  };
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
