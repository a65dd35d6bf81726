import { createHash } from 'node:crypto';
import { createApp, hashPassword, listen, listenShoutcast, TrustedProxies } from '@weir/http';
import type { Listening, ShoutcastListening } from '@weir/http';
import type { FormatName } from '@weir/media';
import { createLogger, Metrics } from '@weir/telemetry';
import { Writable } from 'node:stream';
import type { Source, SourceEnd } from '../source.ts';
import { PushPoint } from './push-point.ts';
import { PushRoutes } from './push-routes.ts';
import { pushRoutes } from './routes.ts';

/** A feed that opens its place when a publisher arrives, as a producer does, and remembers what it gets. */
export class TestFeed {
  readonly point: PushPoint;
  readonly formats: string[] = [];
  readonly titles: string[] = [];
  readonly ends: SourceEnd[] = [];
  body: Buffer = Buffer.alloc(0);
  source: Source | null = null;
  /** Publishers are held while this is false. */
  opens = true;
  /** Another ingest has a publisher while this is false. */
  claimable = true;
  /** How often the last publisher has left. */
  left = 0;
  #wake: () => void = () => {};

  constructor(path: string, { passwordHash, takeover = false, timeoutMillis = 5000, format = null }: { passwordHash?: string; takeover?: boolean; timeoutMillis?: number; format?: FormatName | null } = {}) {
    const credentials = passwordHash === undefined ? 'open' : { user: 'source', passwordHash };
    this.point = new PushPoint({
      path,
      credentials,
      addresses: { allow: [], deny: [] },
      format,
      ofPattern: false,
      takeover,
      timeoutMillis,
      stopped: () => false,
    claim: () => Promise.resolve(this.claimable),
      onArrival: () => setImmediate(() => this.#arrive()),
      onLeft: () => this.left++,
    });
  }

  /** Fulfilled when it has so many ends, and the last of them is given. */
  async ended(count = 1): Promise<SourceEnd> {
    await this.until(() => this.ends.length >= count);
    return this.ends[count - 1] as SourceEnd;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #arrive(): void {
    if (!this.opens || this.source !== null) return;
    const changed = (): void => this.#wake();
    this.source = this.point.open({
      leadMillis: 0,
      onFormat: (format) => this.formats.push(format),
      onTitle: (title) => {
        this.titles.push(title);
        changed();
      },
      onBytes: (chunk) => {
        this.body = Buffer.concat([this.body, chunk]);
        changed();
      },
      onEnd: (end) => {
        this.source = null;
        this.ends.push(end);
        changed();
      },
    });
    changed();
  }
}

/** An ingest's HTTP and SHOUTcast ports with the feeds of one test. */
export class PushServer {
  readonly routes: PushRoutes;
  readonly #http: Listening;
  readonly #shoutcast: ShoutcastListening;

  private constructor(routes: PushRoutes, http: Listening, shoutcast: ShoutcastListening) {
    this.routes = routes;
    this.#http = http;
    this.#shoutcast = shoutcast;
  }

  static async start(): Promise<PushServer> {
    const logger = createLogger({ name: 'test', level: 'debug', format: 'text', write: new Writable({ write: (_chunk, _encoding, done) => done() }) });
    const routes = new PushRoutes(logger, new Metrics('0', 'ingest'));
    const trusted = (): TrustedProxies => new TrustedProxies([]);
    const app = createApp(logger);
    app.use(pushRoutes(routes, trusted));
    const anywhere = { host: '127.0.0.1', port: 0 };
    return new PushServer(routes, await listen(app, anywhere, { logger, sources: { handler: routes, trusted } }), await listenShoutcast(anywhere, routes, { logger }));
  }

  get port(): number {
    return this.#http.address.port;
  }

  get shoutcastPort(): number {
    return this.#shoutcast.address.port;
  }

  /** From now on these feeds are pushed to. */
  serve(...feeds: readonly TestFeed[]): void {
    this.routes.apply(feeds.map(({ point }) => point));
  }

  async close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#shoutcast.close()]);
  }
}

/** What `hackme` is remembered as. */
export function testPasswordHash(password = 'hackme'): Promise<string> {
  return hashPassword(password, createHash('sha256').update('test').digest().subarray(0, 16));
}
