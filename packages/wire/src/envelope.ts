/**
 * The envelope: how frames travel on the bus, version 2.
 *
 * A message is one or more records, back to back. A record is a header of 48 bytes and its payload:
 *
 *         0         1         2         3         4         5         6         7
 *    +---------+---------+---------+---------+---------+---------+---------+---------+
 *  0 | version | kind    | flags   | 0       | payload bytes (uint32)                |
 *    +---------+---------+---------+---------+---------+---------+---------+---------+
 *  8 | epoch (float64)                                                               |
 * 16 | sequence (float64)                                                            |
 * 24 | media time in microseconds (float64, NaN: the container carries none)         |
 * 32 | captured, Unix milliseconds (float64)                                         |
 *    +---------+---------+---------+---------+---------+---------+---------+---------+
 * 40 | group (uint32)                        | fragment (uint32, counts from 0)      |
 *    +---------+---------+---------+---------+---------+---------+---------+---------+
 * 48 | payload ...
 *
 * All numbers are big-endian. Counters are float64 because it holds every integer up to 2^53 exactly and costs JavaScript
 * nothing. A frame too large for one message travels as fragments in consecutive messages, equal in epoch and sequence,
 * all but the last flagged `more`. The payload of an init record starts with its format and content type:
 * uint8 length, format, uint16 length, content type, then the init's own bytes.
 *
 * Changing anything here needs a new version number. A reader refuses versions it does not know; it never guesses.
 */
import type { FormatName, StreamFrame } from '@weir/media';
import { formats } from '@weir/media';
import { isCount } from './json.ts';
import { fragmentsMax, frameBytesMax, messageBytesMax } from './limits.ts';

export const headerBytes = 48;
const version = 2;

const kinds = ['init', 'random-access', 'delta', 'end', 'title'] as const;
const discontinuityFlag = 0x01;
const moreFlag = 0x02;

const text = new TextEncoder();
const untext = new TextDecoder();

/**
 * Collects frames and packs them into messages of at most {@link messageBytesMax} bytes, small frames together.
 * The messages are fresh memory: the bus may keep them.
 */
export class MessageWriter {
  #frames: StreamFrame[] = [];
  #bytes = 0;
  readonly #send: (message: Uint8Array) => void;

  constructor(send: (message: Uint8Array) => void) {
    this.#send = send;
  }

  add(frame: StreamFrame): void {
    const payload = frame.kind === 'init' ? initPayload(frame.format, frame.contentType, frame.payload) : frame.payload;
    const bytes = headerBytes + payload.length;
    if (this.#bytes + bytes > messageBytesMax) this.flush();
    if (bytes > messageBytesMax) {
      this.#sendFragments(frame, payload);
      return;
    }
    this.#frames.push(frame.kind === 'init' ? { ...frame, payload } : frame);
    this.#bytes += bytes;
  }

  /** Sends what has been added since the last call; call it when the source's read is used up. */
  flush(): void {
    if (this.#bytes === 0) return;
    const message = Buffer.allocUnsafe(this.#bytes);
    let offset = 0;
    for (const frame of this.#frames) offset = writeRecord(message, offset, frame, frame.payload, 0, false);
    this.#frames = [];
    this.#bytes = 0;
    this.#send(message);
  }

  #sendFragments(frame: StreamFrame, payload: Uint8Array): void {
    const step = messageBytesMax - headerBytes;
    for (let start = 0, fragment = 0; start < payload.length; start += step, fragment++) {
      const part = payload.subarray(start, start + step);
      const message = Buffer.allocUnsafe(headerBytes + part.length);
      writeRecord(message, 0, frame, part, fragment, start + step < payload.length);
      this.#send(message);
    }
  }
}

function initPayload(format: FormatName, contentType: string, bytes: Uint8Array): Uint8Array {
  const name = text.encode(format);
  const type = text.encode(contentType);
  const payload = Buffer.allocUnsafe(3 + name.length + type.length + bytes.length);
  payload.writeUInt8(name.length, 0);
  payload.set(name, 1);
  payload.writeUInt16BE(type.length, 1 + name.length);
  payload.set(type, 3 + name.length);
  payload.set(bytes, 3 + name.length + type.length);
  return payload;
}

function writeRecord(message: Buffer, offset: number, frame: StreamFrame, payload: Uint8Array, fragment: number, more: boolean): number {
  message[offset] = version;
  message[offset + 1] = kinds.indexOf(frame.kind);
  message[offset + 2] = (frame.discontinuity ? discontinuityFlag : 0) | (more ? moreFlag : 0);
  message[offset + 3] = 0;
  message.writeUInt32BE(payload.length, offset + 4);
  message.writeDoubleBE(frame.epoch, offset + 8);
  message.writeDoubleBE(frame.sequence, offset + 16);
  message.writeDoubleBE('timeMicros' in frame ? (frame.timeMicros ?? NaN) : NaN, offset + 24);
  message.writeDoubleBE(frame.capturedMillis, offset + 32);
  message.writeUInt32BE(frame.group, offset + 40);
  message.writeUInt32BE(fragment, offset + 44);
  message.set(payload, offset + headerBytes);
  return offset + headerBytes + payload.length;
}

/**
 * Turns the messages of one subject, in the order they were received, into frames. Payloads are views of the messages.
 * A message that is not an envelope, and a frame whose fragments are not all there, is dropped and counted.
 */
export class MessageReader {
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  #partsSequence = -1;
  #partsEpoch = -1;
  malformedMessages = 0;
  incompleteFrames = 0;

  read(message: Uint8Array, emit: (frame: StreamFrame) => void): void {
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    let offset = 0;
    while (offset < message.length) {
      const end = message.length > messageBytesMax ? -1 : recordEnd(view, offset);
      if (end < 0) {
        this.malformedMessages++;
        return;
      }
      this.#readRecord(view, message, offset, end, emit);
      offset = end;
    }
  }

  #readRecord(view: DataView, message: Uint8Array, offset: number, end: number, emit: (frame: StreamFrame) => void): void {
    const epoch = view.getFloat64(offset + 8);
    const sequence = view.getFloat64(offset + 16);
    const fragment = view.getUint32(offset + 44);
    const more = (view.getUint8(offset + 2) & moreFlag) !== 0;
    let payload = message.subarray(offset + headerBytes, end);
    if (fragment === 0) this.#dropParts();
    if (fragment > 0 || more) {
      const expected = this.#partsEpoch === epoch && this.#partsSequence === sequence && this.#parts.length === fragment;
      if (fragment > 0 && !expected) {
        this.#clearParts();
        if (!more) this.incompleteFrames++;
        return;
      }
      this.#partsEpoch = epoch;
      this.#partsSequence = sequence;
      this.#partsBytes += payload.length;
      this.#parts.push(payload);
      if (this.#partsBytes > frameBytesMax || this.#parts.length > fragmentsMax) this.#dropParts();
      if (more) return;
      if (this.#parts.length === 0) return;
      payload = Buffer.concat(this.#parts, this.#partsBytes);
      this.#clearParts();
    }
    const frame = decodeFrame(view, offset, payload, epoch, sequence);
    if (frame === null) this.malformedMessages++;
    else emit(frame);
  }

  #dropParts(): void {
    if (this.#parts.length > 0) this.incompleteFrames++;
    this.#clearParts();
  }

  #clearParts(): void {
    this.#parts = [];
    this.#partsBytes = 0;
    this.#partsSequence = -1;
    this.#partsEpoch = -1;
  }
}

/** Where the record at `offset` ends, or -1 when no whole record of this version is there. */
function recordEnd(view: DataView, offset: number): number {
  if (offset + headerBytes > view.byteLength || view.getUint8(offset) !== version) return -1;
  if (view.getUint8(offset + 1) >= kinds.length) return -1;
  const end = offset + headerBytes + view.getUint32(offset + 4);
  if (end > view.byteLength || !Number.isFinite(view.getFloat64(offset + 32)) || Math.abs(view.getFloat64(offset + 24)) === Infinity) return -1;
  return isCount(view.getFloat64(offset + 8)) && isCount(view.getFloat64(offset + 16)) ? end : -1;
}

/** What may stand in a header: control characters would end it. */
const headerText = /^[\x20-\x7e\x80-\xff]{0,1000}$/;

function decodeFrame(view: DataView, offset: number, payload: Uint8Array, epoch: number, sequence: number): StreamFrame | null {
  const kind = kinds[view.getUint8(offset + 1)] ?? 'delta';
  const provenance = {
    epoch,
    sequence,
    group: view.getUint32(offset + 40),
    capturedMillis: view.getFloat64(offset + 32),
    discontinuity: (view.getUint8(offset + 2) & discontinuityFlag) !== 0,
  };
  if (kind === 'end' || kind === 'title') return { kind, payload, ...provenance };
  if (kind !== 'init') {
    const time = view.getFloat64(offset + 24);
    return { kind, payload, timeMicros: Number.isNaN(time) ? null : time, ...provenance };
  }
  const formatEnd = 1 + (payload[0] ?? 0);
  const typeEnd = formatEnd + 2 + (payload[formatEnd] ?? 0) * 256 + (payload[formatEnd + 1] ?? 0);
  const format = untext.decode(payload.subarray(1, formatEnd)) as FormatName;
  if (typeEnd > payload.length || !formats.has(format)) return null;
  const contentType = untext.decode(payload.subarray(formatEnd + 2, typeEnd));
  if (!headerText.test(contentType)) return null;
  return { kind, format, contentType, payload: payload.subarray(typeEnd), ...provenance };
}
