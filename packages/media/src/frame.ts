import type { FormatName } from './format.ts';

/**
 * What a player needs before any frame of an epoch, as one value that never travels inside the media bytes.
 *
 * The container's own header bytes also stay where the encoder wrote them, as `delta` frames; a listener who joins later
 * gets `payload` instead (FLV header, metadata and sequence headers; EBML and Tracks; Ogg header pages; `ftyp` and `moov`;
 * PAT and PMT). It is empty for containers that need nothing (mp3, adts, mpjpeg, raw).
 */
export interface InitFrame {
  readonly kind: 'init';
  readonly format: FormatName;
  /** The most exact MIME type the container's header allows, with parameters, such as the multipart boundary. */
  readonly contentType: string;
  readonly payload: Uint8Array;
}

/**
 * One container-aligned slice of a stream: what a ring keeps, the bus carries, and a listener may be cut at, skip to or
 * resume from. `payload` is shared by every reader: treat it as read-only.
 */
export interface MediaFrame {
  /** `random-access`: a decoder that was given the init can start here. Audio never counts where there is video. */
  readonly kind: 'random-access' | 'delta';
  readonly payload: Uint8Array;
  /** Presentation time since an arbitrary origin, wraps undone; null where the container carries none. */
  readonly timeMicros: number | null;
}

/** What a framer emits, in stream order; the first is always an {@link InitFrame}. */
export type Frame = InitFrame | MediaFrame;

/** Where a frame stands in its stream. Comparable across ingests: epochs only ever grow. */
export interface Position {
  /** One run of a source. A later run has a higher number, whoever publishes it. */
  readonly epoch: number;
  /** Counts the frames of an epoch from 0, those that are no media included; a jump is a loss. */
  readonly sequence: number;
}

/** What the publisher knows of a frame beside the container's own account. */
export interface Provenance extends Position {
  /** Counts the random access frames of an epoch; 0 before the first. */
  readonly group: number;
  /** Unix time in milliseconds, by the ingest's clock as its process began, at which the frame's last byte was read: no step of that clock is in it. */
  readonly capturedMillis: number;
  /** Something is missing between this frame and the one before it. */
  readonly discontinuity: boolean;
}

/** The source has ended for good: readers get every frame before this, then a clean end. Its payload is empty. */
export interface EndFrame {
  readonly kind: 'end';
  readonly payload: Uint8Array;
}

/** What is on from here on, one line of UTF-8, and a second one with a URL about it where there is one; never part of the media bytes. */
export interface TitleFrame {
  readonly kind: 'title';
  readonly payload: Uint8Array;
}

/** A frame in its place: what travels on the bus and stands in a ring. */
export type StreamFrame = (Frame | TitleFrame | EndFrame) & Provenance;
export type StreamTitle = TitleFrame & Provenance;
export type StreamInit = InitFrame & Provenance;
export type StreamMedia = MediaFrame & Provenance;

/** Orders two places in one stream: negative when `a` comes first. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}

/** True when a reader of `a` can go on with the frames of `b` as if nothing had happened. */
export function sameInit(a: InitFrame, b: InitFrame): boolean {
  return (
    a.format === b.format &&
    a.contentType === b.contentType &&
    a.payload.length === b.payload.length &&
    a.payload.every((byte, index) => byte === b.payload[index])
  );
}
