// What takes the bytes and texts of strangers apart, for the fuzzer alone.
export { DemandTable } from './demand-table.ts';
export { parseMetadataQuery } from './push/metadata-query.ts';
export { publisherInfo } from './push/publisher-info.ts';
export { IcyReader } from './relay/icy-reader.ts';
export { RtpReader } from './relay/rtp-reader.ts';
