import { MediaRequest, shownUrl } from '@weir/http';
import type { MediaHead, MediaSink } from '@weir/http';
import { findFormat } from '@weir/media';
import type { Logger } from '@weir/telemetry';
import type { OpenSource, Source, SourceEnd, SourceSink } from '../source.ts';
import { IcyReader, icyInterval } from './icy-reader.ts';

/** A stream of another server: weir, Icecast, SHOUTcast or whatever gives media over HTTP. Its end is a failure: live streams have none. */
export function httpSource(url: URL, logger: Logger): OpenSource {
  return (sink) => new HttpSource(url, logger, sink);
}

class HttpSource implements Source, MediaSink {
  readonly pid = null;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #sink: SourceSink;
  readonly #request: MediaRequest;
  #icy: IcyReader | null = null;
  #malformedLogged = false;
  #over = false;

  constructor(url: URL, logger: Logger, sink: SourceSink) {
    this.#name = shownUrl(url);
    this.#logger = logger;
    this.#sink = sink;
    this.#request = new MediaRequest(url, { userAgent: 'weir', fields: { 'Icy-MetaData': '1' } }, this);
  }

  stop(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#request.stop();
    queueMicrotask(() => this.#sink.onEnd({ kind: 'stopped', description: reason }));
  }

  onHead({ url, fields }: MediaHead): void {
    const type = fields.get('content-type') ?? '';
    const problem = explainType(type);
    if (problem !== null) {
      this.#end({ kind: 'failed', description: `${url}: ${problem}` });
      return;
    }
    const interval = icyInterval(fields.get('icy-metaint'));
    if (interval !== null) this.#icy = new IcyReader(interval);
    this.#logger.debug('answered', { url, type, icyInterval: interval });
    const format = findFormat(type)?.name ?? 'raw';
    if (format !== 'raw') this.#sink.onFormat(format);
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#icy === null) {
      this.#sink.onBytes(bytes);
      return;
    }
    this.#icy.push(bytes, this.#unlessOver);
    if (this.#icy.malformed === 0 || this.#malformedLogged) return;
    this.#malformedLogged = true;
    this.#logger.warn('an ICY metadata block was malformed and left out; more of them are counted', { url: this.#name });
  }

  onEnd({ description }: { readonly description: string }): void {
    this.#end({ kind: 'failed', description });
  }

  /** One read may hold several blocks, and the sink may stop this source at each. */
  readonly #unlessOver = {
    onBytes: (bytes: Uint8Array): void => {
      if (!this.#over) this.#sink.onBytes(bytes);
    },
    onTitle: (title: string): void => {
      if (!this.#over) this.#sink.onTitle(title);
    },
  };

  #end(end: SourceEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#request.stop();
    const malformed = this.#icy?.malformed ?? 0;
    if (malformed > 0) this.#logger.warn('malformed ICY metadata blocks', { url: this.#name, count: malformed });
    this.#sink.onEnd(end);
  }
}

/** What is wrong with an answer of this type; null when it may be media. */
function explainType(type: string): string | null {
  if (/^(?:text\/html|application\/xhtml\+xml)/i.test(type)) return 'answers with a page where media was expected: use the URL of the stream itself';
  if (/mpegurl|scpls|xspf/i.test(type)) return `answers with a playlist (${type.slice(0, 60)}): use a URL that stands in it`;
  return null;
}
