import { shownUrl } from '@weir/http';
import type { Logger } from '@weir/telemetry';
import { hungryMillis, relayReturnMillis } from '../limits.ts';
import type { OpenSource, Source, SourceEnd, SourceSink } from '../source.ts';
import { httpSource } from './http-source.ts';
import { Probe } from './probe.ts';
import { udpSource } from './udp-source.ts';
import { UpstreamOrder } from './upstream-order.ts';

/** One place that a relay can get its stream from. */
interface Upstream {
  /** Its URL without secrets. */
  readonly name: string;
  readonly open: OpenSource;
}

/** What the runs of one relay have in common. */
interface Relay {
  readonly upstreams: readonly [Upstream, ...Upstream[]];
  readonly order: UpstreamOrder;
  readonly logger: Logger;
  /** The one that gave media last. */
  giving: Upstream | null;
}

/**
 * The stream of another server, or of the first in a list that works: each run takes one upstream, and one that fails leaves the
 * next run to the next in the list. While another than the first gives media, the first is looked at each minute; when it is
 * back, the run ends and the next one takes it.
 *
 * @param urls one or more of `http://`, `https://`, `udp://`
 * @throws TypeError when one is no URL
 */
export function relaySource(urls: readonly string[], logger: Logger): OpenSource {
  const [first, ...others] = urls.map((text) => upstream(new URL(text), logger));
  if (first === undefined) throw new TypeError('a relay needs one URL or more');
  const relay: Relay = { upstreams: [first, ...others], order: new UpstreamOrder(urls.length), logger, giving: null };
  return (sink) => new RelaySource(relay, sink);
}

function upstream(url: URL, logger: Logger): Upstream {
  return { name: shownUrl(url), open: url.protocol === 'udp:' ? udpSource(url, logger) : httpSource(url, logger) };
}

class RelaySource implements Source {
  readonly pid = null;
  readonly #relay: Relay;
  readonly #sink: SourceSink;
  readonly #upstream: Upstream;
  readonly #source: Source;
  #lastBytesMillis: number | null = null;
  /** Null before the first bytes, and always for the first upstream. */
  #returnTimer: NodeJS.Timeout | null = null;
  #probe: Probe | null = null;
  /** The first upstream is back: this run is over. */
  #firstIsBack = false;

  constructor(relay: Relay, sink: SourceSink) {
    this.#relay = relay;
    this.#sink = sink;
    const [first] = relay.upstreams;
    this.#upstream = relay.upstreams[relay.order.next(performance.now())] ?? first;
    this.#source = this.#upstream.open({
      get leadMillis() {
        return sink.leadMillis;
      },
      onFormat: (format) => sink.onFormat(format),
      onTitle: (title) => sink.onTitle(title),
      onBytes: (chunk) => {
        if (this.#lastBytesMillis === null) this.#begin();
        this.#lastBytesMillis = performance.now();
        sink.onBytes(chunk);
      },
      onEnd: (end) => this.#ended(end),
    });
  }

  stop(reason: string): void {
    this.#stopLooking();
    this.#source.stop(reason);
  }

  #begin(): void {
    const { upstreams, giving, logger } = this.#relay;
    const { name } = this.#upstream;
    if (upstreams.length > 1 && giving !== this.#upstream) logger.info('relays from', { url: name });
    this.#relay.giving = this.#upstream;
    if (this.#upstream !== upstreams[0]) this.#lookLater();
  }

  #lookLater(): void {
    this.#returnTimer = setTimeout(() => {
      this.#probe = new Probe(this.#relay.upstreams[0].open, (isBack, description) => this.#looked(isBack, description));
    }, relayReturnMillis);
  }

  #looked(isBack: boolean, description: string): void {
    this.#probe = null;
    this.#relay.order.firstLooked(isBack, performance.now());
    if (isBack) {
      this.#firstIsBack = true;
      this.#source.stop('the first is back');
    } else {
      this.#relay.logger.debug('the first is not back', { reason: description });
      this.#lookLater();
    }
  }

  #stopLooking(): void {
    if (this.#returnTimer !== null) clearTimeout(this.#returnTimer);
    this.#probe?.stop();
  }

  #ended(end: SourceEnd): void {
    this.#stopLooking();
    const { upstreams, order } = this.#relay;
    if (this.#firstIsBack) {
      this.#sink.onEnd({ kind: 'failed', description: `${upstreams[0].name} is back: leaving ${this.#upstream.name} for it` });
      return;
    }
    const now = performance.now();
    // Who runs a source stops it when nothing comes, too.
    const gave = this.#lastBytesMillis !== null && now - this.#lastBytesMillis < hungryMillis;
    if (end.kind === 'stopped' && gave) order.rested();
    else order.failed(now);
    this.#sink.onEnd(end);
  }
}
