import type { Bus, Traffic } from '@weir/bus';
import type { Metrics, Sample } from '@weir/telemetry';

/** What a process counts of its bus beside what the bus itself keeps. */
export interface BusMetrics {
  reconnected(): void;
  roundTrip(channel: 'frames' | 'control', seconds: number): void;
}

/** Tells how the bus is; `bus` is null until there is a connection. */
export function addBusMetrics(metrics: Metrics, bus: () => Bus | null): BusMetrics {
  const labels = ['channel'];
  const perChannel = (value: (traffic: Traffic) => number) => (): Sample[] =>
    (['frames', 'control'] as const).flatMap((channel) => {
      const traffic = bus()?.[channel].traffic ?? null;
      return traffic === null ? [] : [{ labels: { channel }, value: value(traffic) }];
    });
  metrics.gauge('bus_connected', '1 while the bus is there.', [], () => [{ labels: {}, value: bus()?.connected === true ? 1 : 0 }]);
  metrics.total('bus_sent_bytes_total', 'Bytes published to NATS.', labels, perChannel((traffic) => traffic.bytesOut));
  metrics.total('bus_received_bytes_total', 'Bytes received from NATS.', labels, perChannel((traffic) => traffic.bytesIn));
  metrics.total('bus_sent_messages_total', 'Messages published to NATS.', labels, perChannel((traffic) => traffic.messagesOut));
  metrics.total('bus_received_messages_total', 'Messages received from NATS.', labels, perChannel((traffic) => traffic.messagesIn));
  metrics.total('bus_dropped_messages_total', 'Messages not published: no connection, or one that does not keep up.', labels, perChannel((traffic) => traffic.dropped));
  const roundTrips = metrics.seconds('bus_round_trip_seconds', 'From a sounding of the connection to the answer of the NATS server.', labels);
  const reconnections = metrics.count('bus_reconnections_total', 'Times NATS was back after it was lost.', []);
  reconnections.add({}, 0);
  return {
    reconnected: () => reconnections.add({}),
    roundTrip: (channel, seconds) => roundTrips.observe({ channel }, seconds),
  };
}
