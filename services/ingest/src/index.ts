export { Ingest } from './ingest.ts';
export type { IngestOptions } from './ingest-options.ts';
