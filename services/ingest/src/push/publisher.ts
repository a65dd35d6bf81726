import type { BodyReader, ConnectionEnd, SourceConnection, SourceRequest } from '@weir/http';
import { findFormat } from '@weir/media';
import type { FormatName } from '@weir/media';
import { IcyReader, icyInterval } from '../relay/icy-reader.ts';
import { oneLine, publisherInfo } from './publisher-info.ts';
import type { PublisherInfo } from './publisher-info.ts';

/** Who takes what a publisher sends. `onEnd` comes once, last, and may come before {@link Publisher.start}. */
export interface PublisherReader {
  onTitle(title: string): void;
  onBytes(bytes: Uint8Array): void;
  onEnd(end: ConnectionEnd): void;
}

/** One client that pushes, from its acceptance to its end. */
export class Publisher {
  /** Address and program, for logs. */
  readonly description: string;
  readonly info: PublisherInfo;
  /** As its Content-Type says; null: to be recognised. */
  readonly format: FormatName | null;
  /** What is on, as it was last told. */
  title: string | null = null;
  readonly #connection: SourceConnection;

  /** Accepts the request. */
  constructor(request: SourceRequest, timeoutMillis: number, reader: PublisherReader) {
    const agent = oneLine(request.headers.get('user-agent') ?? '', 100);
    this.description = agent === '' ? request.address : `${request.address} (${agent})`;
    this.info = publisherInfo(request.headers);
    this.format = announcedFormat(request);
    const interval = icyInterval(request.headers.get('icy-metaint'));
    this.#connection = request.accept(timeoutMillis, interval === null ? reader : withoutBlocks(new IcyReader(interval), reader));
  }

  /** Lets its bytes come. */
  start(): void {
    this.#connection.start();
  }

  /** Ends it; the reader's `onEnd` follows later. */
  close(reason: string): void {
    this.#connection.close(reason);
  }
}

/** For sources that interleave ICY metadata as servers do. */
function withoutBlocks(icy: IcyReader, reader: PublisherReader): BodyReader {
  return { onBytes: (bytes) => icy.push(bytes, reader), onEnd: (end) => reader.onEnd(end) };
}

/**
 * Whether what a source says it is cannot be what its feed is configured to be. Nothing is held against `audio/mpeg`: encoders,
 * ffmpeg among them, say that when nobody has told them what they send.
 */
export function contradicts(request: SourceRequest, configured: FormatName | null): boolean {
  const announced = announcedFormat(request);
  if (configured === null || announced === null || announced === 'mp3') return false;
  return family(announced) !== family(configured);
}

function family(format: FormatName): FormatName {
  return format === 'webm' ? 'matroska' : format;
}

/** Encoders of the time of SOURCE send MP3 when they say nothing; what curl says says nothing about the media. */
function announcedFormat({ method, headers }: SourceRequest): FormatName | null {
  const type = headers.get('content-type') ?? (method === 'SOURCE' ? 'audio/mpeg' : '');
  const format = findFormat(type)?.name;
  return format === undefined || format === 'raw' ? null : format;
}
