import type { Configuration, StreamConfiguration } from '@weir/config';
import { findFormat } from '@weir/media';
import type { FleetStatus, Mood } from '@weir/telemetry';

/** A stream, as Icecast's clients know a source. */
export interface IcecastMount {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly genre: string;
  readonly homepage: string | null;
  readonly contentType: string;
  /** In kbit/s; null while nothing flows. */
  readonly bitrate: number | null;
  readonly listeners: number;
  readonly listenersPeak: number;
  readonly listenersTotal: number;
  readonly listenersMax: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** What is on; null where nobody has told. */
  readonly title: string | null;
  /** When its source began to give data; null while it gives none. */
  readonly since: Date | null;
  /** It sleeps until somebody listens. */
  readonly onDemand: boolean;
}

const running: readonly Mood[] = ['waking', 'happy', 'hungry'];

/** The streams that somebody who came now would get, or would wake. */
export function icecastMounts(status: FleetStatus, { streams, feeds }: Configuration): readonly IcecastMount[] {
  return status.streams.flatMap((stream): readonly IcecastMount[] => {
    const configured = streams[stream.name];
    if (configured === undefined) return [];
    const pushed = feeds[stream.feed]?.source.kind === 'push';
    const isThere = running.includes(stream.mood) || (stream.mood === 'sleeping' && !pushed) || (configured.fallback.length > 0 && stream.mood !== 'ended');
    if (!isThere) return [];
    const feed = status.feeds.find(({ name }) => name === stream.feed);
    const producer = configured.encode === null ? feed : status.encoders.find(({ name }) => name === stream.name);
    return [{
      path: stream.path,
      name: configured.title ?? stream.name,
      description: configured.description ?? '',
      genre: configured.genre ?? '',
      homepage: configured.homepage,
      contentType: stream.contentType ?? guessedType(configured, stream.format),
      bitrate: stream.bitsPerSecondIn > 0 ? Math.round(stream.bitsPerSecondIn / 1000) : null,
      listeners: stream.listeners,
      listenersPeak: stream.listenersPeak,
      listenersTotal: stream.listenersTotal,
      listenersMax: configured.listenersMax,
      bytesIn: producer?.bytes ?? 0,
      bytesOut: stream.bytesOut,
      title: (producer?.title ?? feed?.title) ?? null,
      since: producer?.mood === 'happy' ? new Date(producer.since) : null,
      onDemand: feeds[stream.feed]?.active.mode === 'on-demand' && !pushed,
    }];
  });
}

/** Of a stream that nobody has listened to yet: as its path says. */
function guessedType({ contentType, path }: StreamConfiguration, format: string | null): string {
  return contentType ?? findFormat(format ?? /\.([A-Za-z0-9]+)$/.exec(path)?.[1] ?? '')?.contentType ?? 'application/octet-stream';
}
