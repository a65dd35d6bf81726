export { decodeDemand, decodeSnapshotRequest, decodeSources, encodeControl } from './control-messages.ts';
export type { Demand, SnapshotRequest, SourceList } from './control-messages.ts';
export { headerBytes, MessageReader, MessageWriter } from './envelope.ts';
export { frameBytesMax, messageBytesMax } from './limits.ts';
export { decodeToken, encodeToken, sessionStream, streamOfSession, Subjects } from './subjects.ts';
