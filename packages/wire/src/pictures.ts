import { messageBytesMax } from './limits.ts';
import { isCount, parseObject } from './json.ts';

/** How a picture is to come. */
export interface PictureWish {
  readonly format: 'jpg' | 'png';
  /** Of a JPEG, from 1 to 100, as libjpeg counts; nothing to a PNG. */
  readonly quality: number;
  /** Pixels; the height follows. A smaller picture stays as it is. Null: as it was sent. */
  readonly width: number | null;
}

/** An edge asks the owner of a stream for its newest picture. */
export interface PictureRequest extends PictureWish {
  /** How long the owner may wait for the first picture before it says that there is none. */
  readonly waitMillis: number;
}

/** The newest picture of a stream. */
export interface Picture {
  readonly kind: 'picture';
  /** `image/jpeg`, `image/png`, or whatever a command prints. */
  readonly contentType: string;
  /** Names what is shown, in letters, digits and `.-`: the same name is the same picture. */
  readonly shown: string;
  readonly bytes: Uint8Array;
}

/**
 * Why there is no picture.
 * - `not-yet` the source has given none
 * - `no-video` the stream has none
 * - `busy` too many are being decoded
 * - `no-program` the owner has no ffmpeg
 * - `failed` it could not be decoded
 */
export interface NoPicture {
  readonly kind: 'none';
  readonly reason: 'not-yet' | 'no-video' | 'busy' | 'no-program' | 'failed';
}

/** The owner's answer. */
export type PictureReply = Picture | NoPicture;

const reasons: readonly string[] = ['not-yet', 'no-video', 'busy', 'no-program', 'failed'] satisfies NoPicture['reason'][];

/** One name for wishes that the same picture fulfils. */
export function wishName({ format, quality, width }: PictureWish): string {
  return `${format}${format === 'jpg' ? quality : ''}${width === null ? '' : `-${width}`}`;
}

/** The request as JSON. */
export function encodePictureRequest({ format, quality, width, waitMillis }: PictureRequest): Uint8Array {
  return Buffer.from(JSON.stringify({ format, quality, width, waitMillis }));
}

/** Null when the bytes are no request for a picture that there may be: its numbers reach a command line. */
export function decodePictureRequest(bytes: Uint8Array): PictureRequest | null {
  const { format, quality, width, waitMillis } = parseObject(bytes) ?? {};
  if ((format !== 'jpg' && format !== 'png') || !isCount(quality) || quality < 1 || quality > 100) return null;
  if ((width !== null && (!isCount(width) || width < 1)) || !isCount(waitMillis)) return null;
  return { format, quality, width, waitMillis };
}

/** The messages of an answer: what it is, as JSON, then the picture's bytes in pieces that the bus carries. */
export function encodePictureReply(reply: PictureReply): Uint8Array[] {
  if (reply.kind === 'none') return [Buffer.from(JSON.stringify({ reason: reply.reason }))];
  const { contentType, shown, bytes } = reply;
  const messages: Uint8Array[] = [Buffer.from(JSON.stringify({ contentType, shown, bytes: bytes.length }))];
  for (let at = 0; at < bytes.length; at += messageBytesMax) messages.push(bytes.subarray(at, at + messageBytesMax));
  return messages;
}

/** Null when the messages are not a whole answer: the bus may drop some. */
export function decodePictureReply(messages: readonly Uint8Array[]): PictureReply | null {
  const [head, ...parts] = messages;
  const { reason, contentType, shown, bytes } = (head === undefined ? null : parseObject(head)) ?? {};
  if (typeof reason === 'string') return reasons.includes(reason) ? { kind: 'none', reason: reason as NoPicture['reason'] } : null;
  if (typeof contentType !== 'string' || !/^(?:image\/[\w.+-]{1,60}|application\/octet-stream)$/.test(contentType) || typeof shown !== 'string' || !/^[\w.-]{1,100}$/.test(shown)) return null;
  const whole = Buffer.concat(parts);
  return whole.length > 0 && whole.length === bytes ? { kind: 'picture', contentType, shown, bytes: whole } : null;
}
