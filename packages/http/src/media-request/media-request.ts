import type { Socket } from 'node:net';
import { keepAliveProbeMillis, redirectsMax, responseTimeoutMillis } from '../limits.ts';
import { Dialer } from './dialer.ts';
import { explainConnection, explainStatus } from './explanations.ts';
import { hasCredentials, requestHead } from './request-head.ts';
import { ResponseError } from './response-head.ts';
import type { ResponseHead } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';
import { shownUrl } from './shown-url.ts';

/** How a request is made. */
export interface MediaRequestOptions {
  readonly userAgent: string;
  /** More header lines, by name; sent on after redirects, whoever they lead to. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Certificates in PEM that are trusted in place of the system's. */
  readonly authorities?: string;
}

/** What a server says before the media. */
export interface MediaHead {
  /** After redirects, without secrets. */
  readonly url: string;
  /** Header values by lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** How a request came to its end. */
export interface MediaEnd {
  /** `complete`: all that was announced has come, or the server has ended a body of no announced length. */
  readonly kind: 'complete' | 'failed';
  /** A sentence with the URL, without secrets. */
  readonly description: string;
  /** Of an answer that was not 200 and is why it failed; otherwise null. */
  readonly status: number | null;
}

/** Who takes the media. Called synchronously, never before {@link MediaRequest} is made; `onEnd` once, last. */
export interface MediaSink {
  /** Called once, when the answer is 200. */
  onHead(head: MediaHead): void;
  /** Views of what the socket gave; they may be kept. */
  onBytes(bytes: Uint8Array): void;
  onEnd(end: MediaEnd): void;
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * A GET of a live stream over HTTP/1 (RFC 9112) or as SHOUTcast answers it, `ICY 200 OK`. Follows redirects; a user and
 * password of the URL go to its own origin alone. Silence after the head is the caller's to notice.
 */
export class MediaRequest {
  readonly #options: MediaRequestOptions;
  readonly #sink: MediaSink;
  #url: URL;
  #redirects = 0;
  #withheld = false;
  #dialer: Dialer;
  #socket: Socket | null = null;
  /** For the head. */
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** @param url http or https */
  constructor(url: URL, options: MediaRequestOptions, sink: MediaSink) {
    this.#url = url;
    this.#options = options;
    this.#sink = sink;
    this.#dialer = this.#dial();
  }

  /** Ends it at once; nothing more is told. */
  stop(): void {
    this.#over = true;
    this.#hangUp();
  }

  #hangUp(): void {
    clearTimeout(this.#timer);
    this.#dialer.stop();
    this.#socket?.destroy();
    this.#socket = null;
  }

  #dial(): Dialer {
    return new Dialer(this.#url, this.#options.authorities ?? null, {
      onConnected: (socket) => this.#ask(socket),
      onFailed: (reason) => this.#end('failed', reason),
    });
  }

  #ask(socket: Socket): void {
    this.#socket = socket;
    let isMedia = false;
    const reader = new ResponseReader({
      onHead: (head) => (isMedia = this.#judge(head)),
      onBody: (bytes) => {
        if (isMedia && !this.#over) this.#sink.onBytes(bytes);
      },
    });
    let lost = '';
    socket.on('data', (bytes: Buffer) => {
      if (this.#socket !== socket) return;
      try {
        reader.push(bytes);
      } catch (error) {
        if (!(error instanceof ResponseError)) throw error;
        this.#end('failed', `gives no answer that HTTP knows: ${error.message}`);
      }
      if (isMedia && reader.isComplete) this.#end('complete', 'ended the stream');
    });
    socket.on('error', (error) => (lost = explainConnection(error, this.#url.hostname)));
    socket.once('close', () => {
      if (this.#socket !== socket) return;
      if (lost !== '') this.#end('failed', lost);
      else if (!isMedia) this.#end('failed', 'closed the connection without an answer');
      else if (reader.mayEnd) this.#end('complete', 'ended the stream');
      else this.#end('failed', 'ended the stream in the middle of its body');
    });
    this.#timer = setTimeout(() => this.#end('failed', `gave no answer within ${responseTimeoutMillis / 1000} s`), responseTimeoutMillis);
    socket.setKeepAlive(true, keepAliveProbeMillis);
    socket.write(requestHead(this.#url, this.#options.userAgent, this.#options.fields), 'latin1');
  }

  /** True where media follows. */
  #judge({ status, fields }: ResponseHead): boolean {
    clearTimeout(this.#timer);
    if (redirects.has(status)) this.#follow(fields.get('location') ?? '');
    else if (status === 200) this.#sink.onHead({ url: shownUrl(this.#url), fields });
    else this.#end('failed', explainStatus(status, { credentials: hasCredentials(this.#url), withheld: this.#withheld }), status);
    return status === 200;
  }

  #follow(location: string): void {
    const next = URL.canParse(location, this.#url.href) ? new URL(location, this.#url.href) : null;
    if (location === '' || next === null) this.#end('failed', 'redirects without saying where to');
    else if (next.protocol !== 'http:' && next.protocol !== 'https:') this.#end('failed', `redirects to ${shownUrl(next)}, which is not HTTP`);
    else if (++this.#redirects > redirectsMax) this.#end('failed', `redirects to ${shownUrl(next)}, the ${redirectsMax + 1}th redirect in a row: is it a circle?`);
    else {
      this.#hangUp();
      if (next.origin === this.#url.origin) inheritCredentials(next, this.#url);
      else this.#withheld ||= hasCredentials(this.#url);
      this.#url = next;
      this.#dialer = this.#dial();
    }
  }

  #end(kind: MediaEnd['kind'], reason: string, status: number | null = null): void {
    if (this.#over) return;
    this.stop();
    this.#sink.onEnd({ kind, description: `${shownUrl(this.#url)}: ${reason}`, status });
  }
}

function inheritCredentials(next: URL, before: URL): void {
  if (hasCredentials(next)) return;
  next.username = before.username;
  next.password = before.password;
}
