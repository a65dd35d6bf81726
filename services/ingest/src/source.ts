import type { FormatName } from '@weir/media';

/** How a source's run came to its end. */
export type SourceEnd =
  /** It gave all it had: the end of a file, a command that exits with 0. */
  | { readonly kind: 'finished'; readonly description: string }
  | { readonly kind: 'failed'; readonly description: string }
  /** `stop` was called. */
  | { readonly kind: 'stopped'; readonly description: string };

/** Who takes a source's bytes. Called synchronously; `onEnd` once, last. */
export interface SourceSink {
  /** What the source says it is, before its first bytes; the configuration's word counts for more. */
  onFormat(format: FormatName): void;
  /** What is on from here on, in one line; in a second one, perhaps, a URL about it. */
  onTitle(title: string): void;
  onBytes(chunk: Uint8Array): void;
  onEnd(end: SourceEnd): void;
  /** How far, in milliseconds, the media pushed so far is ahead of the clock; a paced source waits that long. */
  readonly leadMillis: number;
}

/** One run of a feed or an encoder. */
export interface Source {
  readonly pid: number | null;
  /** Ends it, its processes included; `onEnd` follows. */
  stop(reason: string): void;
}

/** Starts a run. The sink is not called before this has returned. */
export type OpenSource = (sink: SourceSink) => Source;
