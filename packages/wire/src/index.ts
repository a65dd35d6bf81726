export { decodeDemand, decodeSnapshotRequest, encodeControl } from './control-messages.ts';
export type { Demand, SnapshotRequest } from './control-messages.ts';
export { headerBytes, MessageReader, MessageWriter } from './envelope.ts';
export { frameBytesMax, messageBytesMax } from './limits.ts';
export { decodePictureReply, decodePictureRequest, encodePictureReply, encodePictureRequest, wishName } from './pictures.ts';
export type { NoPicture, Picture, PictureReply, PictureRequest, PictureWish } from './pictures.ts';
export { decodeToken, encodeToken, Subjects } from './subjects.ts';
