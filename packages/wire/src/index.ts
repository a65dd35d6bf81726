export { bucketTtlMillis } from './buckets.ts';
export { decodeDemand, decodeSnapshotRequest, decodeSources, encodeControl } from './control-messages.ts';
export type { Demand, SnapshotRequest, SourceList } from './control-messages.ts';
export { headerBytes, MessageReader, MessageWriter } from './envelope.ts';
export { frameBytesMax, messageBytesMax } from './limits.ts';
export { decodePictureReply, decodePictureRequest, encodePictureReply, encodePictureRequest, wishName } from './pictures.ts';
export type { NoPicture, Picture, PictureReply, PictureRequest, PictureWish } from './pictures.ts';
export { decodeToken, encodeToken, sessionStream, streamOfSession, Subjects } from './subjects.ts';
