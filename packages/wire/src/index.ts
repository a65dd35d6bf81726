export { decodeDemand, decodeSnapshotRequest, encodeControl } from './control-messages.ts';
export type { Demand, SnapshotRequest } from './control-messages.ts';
export { headerBytes, MessageReader, MessageWriter } from './envelope.ts';
export { frameBytesMax, messageBytesMax } from './limits.ts';
export { decodeToken, encodeToken, sessionStream, streamOfSession, Subjects } from './subjects.ts';
