import type { EdgeStatus, EdgeStreamStatus, Metrics, Sample } from '@weir/telemetry';
import type { AccessRefusal } from './access/grant.ts';
import type { ListenerEnd } from './listener.ts';

/** Why a request for a stream got no stream. */
export type Refusal = 'not-available' | 'draining' | 'listeners' | 'bandwidth';

/** What a mount tells for each scrape beside its status. */
export interface WatchedMount {
  readonly stream: { readonly name: string };
  /** Listeners whose connection does not keep up. */
  readonly behind: number;
  /** From the source to this edge, of the newest frame; null while none arrives. */
  readonly delaySeconds: number | null;
}

/** An edge, looked at for each scrape. */
export interface WatchedEdge {
  readonly status: () => EdgeStatus;
  readonly mounts: () => readonly WatchedMount[];
  /** Null without a limit. */
  readonly listenersMax: () => number | null;
  /** Connections that were closed at once. */
  readonly dropped: () => number;
  readonly room: { readonly load: number; readonly busy: boolean };
}

/** What an edge counts beside its status. */
export class EdgeMetrics {
  readonly #metrics: Metrics;
  readonly #ended;
  readonly #refused;
  readonly #firstByte;
  readonly #pictures;

  constructor(metrics: Metrics, { status, mounts, listenersMax, dropped, room }: WatchedEdge) {
    this.#metrics = metrics;
    const perStream = (value: (stream: EdgeStreamStatus) => number) => (): Sample[] =>
      status().streams.map((stream) => ({ labels: { stream: stream.name }, value: value(stream) }));
    const labels = ['stream'];
    metrics.gauge('edge_listeners', 'Listeners now.', labels, perStream((stream) => stream.listeners));
    metrics.gauge('edge_listeners_max', 'Listeners that it may have in all: edge.max_listeners, where that is set.', [], () => {
      const value = listenersMax();
      return value === null ? [] : [{ labels: {}, value }];
    });
    metrics.gauge('edge_load_ratio', 'What it uses most, as a share of what there is: the time of its event loop, edge.max_listeners or edge.max_bandwidth.', [], () => [{ labels: {}, value: room.load }], 'max');
    metrics.gauge('edge_busy', '1 while its load is above edge.busy_at: new listeners should go to other edges.', [], () => [{ labels: {}, value: room.busy ? 1 : 0 }], 'min');
    const perMount = (value: (mount: WatchedMount) => number | null) => (): Sample[] =>
      mounts().flatMap((mount) => {
        const told = value(mount);
        return told === null ? [] : [{ labels: { stream: mount.stream.name }, value: told }];
      });
    metrics.gauge('edge_listeners_behind', 'Listeners more than a second behind, as their connection does not keep up.', labels, perMount(({ behind }) => behind));
    metrics.gauge('edge_source_delay_seconds', 'From the source to this edge, of the newest frame, by the clocks of both machines.', labels, perMount(({ delaySeconds }) => delaySeconds), 'max');
    metrics.gauge('edge_stream_live', '1 while frames of the stream arrive.', labels, perStream((stream) => (stream.state === 'live' ? 1 : 0)));
    metrics.total('edge_listeners_total', 'Listeners that were served.', labels, perStream((stream) => stream.listenersTotal));
    metrics.total('edge_sent_bytes_total', 'Media bytes written to listeners.', labels, perStream((stream) => stream.bytesOut));
    metrics.total('edge_received_bytes_total', 'Bytes received from the bus.', labels, perStream((stream) => stream.bytesIn));
    metrics.total('edge_skips_total', 'Times a listener was moved on to a newer random access frame.', labels, perStream((stream) => stream.skips));
    metrics.total('edge_gaps_mended_total', 'Losses on the bus that a snapshot made good.', labels, perStream((stream) => stream.gapsMended));
    metrics.total('edge_gaps_lost_total', 'Losses on the bus that listeners saw.', labels, perStream((stream) => stream.gapsLost));
    metrics.total('edge_connections_dropped_total', 'Connections that were closed at once, as the port, or their address, had as many as it may have.', [], () => [{ labels: {}, value: dropped() }]);
    this.#ended = metrics.count('edge_sessions_ended_total', 'Responses that ended, by reason.', ['stream', 'reason']);
    this.#refused = metrics.count('edge_refused_total', 'Requests for a stream that got none, by reason.', ['stream', 'reason']);
    this.#firstByte = metrics.seconds('edge_first_byte_seconds', 'From a request to the first byte of media.', labels);
    this.#pictures = metrics.count('edge_pictures_total', 'Requests for a picture, by the status of the answer.', ['stream', 'status']);
  }

  /** Streams that are not among these are gone: nothing more is told of them. */
  keepOnly(streams: ReadonlySet<string>): void {
    void this.#metrics.keepOnly('stream', streams);
  }

  ended(stream: string, reason: ListenerEnd): void {
    this.#ended.add({ stream, reason });
  }

  refused(stream: string, reason: Refusal | AccessRefusal): void {
    this.#refused.add({ stream, reason });
  }

  started(stream: string, seconds: number): void {
    this.#firstByte.observe({ stream }, seconds);
  }

  picture(stream: string, status: number): void {
    this.#pictures.add({ stream, status: String(status) });
  }
}
