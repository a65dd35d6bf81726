import type { IngestStatus, Metrics, ProducerStatus, Sample } from '@weir/telemetry';

/** Tells the status of an ingest's producers as metrics; `status` is looked up for each scrape. */
export function addIngestMetrics(metrics: Metrics, status: () => IngestStatus): void {
  const labels = ['producer', 'kind'];
  const perProducer = (value: (producer: ProducerStatus) => number) => (): Sample[] =>
    status().producers.map((producer) => ({ labels: { producer: producer.name, kind: producer.kind }, value: value(producer) }));
  metrics.gauge('producer_up', '1 while data flows.', labels, perProducer((producer) => (producer.mood === 'happy' ? 1 : 0)));
  metrics.gauge('producer_sad', '1 while it has failed and waits to be tried again.', labels, perProducer((producer) => (producer.mood === 'sad' ? 1 : 0)));
  metrics.gauge('producer_running', '1 while it has a process or an open source.', labels, perProducer((producer) => (producer.epoch === null ? 0 : 1)));
  metrics.total('producer_restarts_total', 'Starts after a failure or an end.', labels, perProducer((producer) => producer.restarts));
  metrics.total('producer_bytes_total', 'Bytes read from the source.', labels, perProducer((producer) => producer.bytes));
  metrics.total('producer_frames_total', 'Frames found in them.', labels, perProducer((producer) => producer.frames));
  metrics.total('producer_skipped_bytes_total', 'Bytes that belonged to no frame.', labels, perProducer((producer) => producer.skippedBytes));
  metrics.total('producer_gaps_total', 'Losses that the container itself showed.', labels, perProducer((producer) => producer.gaps));
}
