import { Document, visit } from 'yaml';
import { escapePlaceholders } from './placeholders.ts';
import { formatBitRate } from './schema/bit-rate.ts';
import { formatDuration } from './schema/duration.ts';
import { mask, maskSecrets } from './secret.ts';
import type { Activity, AdminConfiguration, CommandConfiguration, Configuration, EdgeConfiguration, FeedConfiguration, FeedSource, MasterConfiguration, Pace, StreamConfiguration, TlsConfiguration } from './configuration.ts';

/**
 * The final form as a configuration file: sets made, templates and the environment put in, every default spelled out.
 * It loads to the same configuration again, except for secrets, which are masked.
 */
export function renderConfiguration(configuration: Configuration): string {
  const { listen, tls, edge, admin, feeds, streams, masters } = configuration;
  const secured = tls === null ? {} : { tls: tlsOf(tls) };
  const mirrored = masters.length === 0 ? {} : { masters: masters.map(masterOf) };
  const tree = { listen, ...secured, edge: edgeOf(edge), ...adminOf(admin), ...mirrored, feeds: mapValues(feeds, feedOf), streams: mapValues(streams, streamOf) };
  const document = new Document(tree, { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_key, words) => {
      words.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function tlsOf({ certFile, keyFile }: TlsConfiguration): object {
  return { cert_file: escapeDollars(certFile), key_file: escapeDollars(keyFile) };
}

function edgeOf(edge: EdgeConfiguration): object {
  return { ...limitsOf(edge), trusted_proxies: edge.trustedProxies, proxy_protocol: edge.proxyProtocol, ...(edge.url === null ? {} : { url: edge.url }) };
}

function masterOf({ url, paths, prefix, refreshMillis, active }: MasterConfiguration): object {
  return {
    url: maskSecrets([url]).map(escapeDollars)[0],
    paths: oneOrMore(paths),
    ...(prefix === '' ? {} : { prefix }),
    refresh: formatDuration(refreshMillis),
    active: activityOf(active),
  };
}

/** As long as a token has to be, so that the text loads. */
function adminOf({ tokenHash }: AdminConfiguration): object {
  return tokenHash === null ? {} : { admin: { token: mask + mask } };
}

function feedOf(feed: FeedConfiguration): object {
  return {
    ...sourceOf(feed.source),
    ...(feed.source.kind === 'push' ? {} : { active: activityOf(feed.active), restart: feed.restart }),
    ...(feed.on.length === 0 ? {} : { on: oneOrMore(feed.on) }),
    ...(feed.fallback.length === 0 ? {} : { fallback: oneOrMore(feed.fallback) }),
    stall: formatDuration(feed.stallMillis),
    start_timeout: formatDuration(feed.startTimeoutMillis),
    grace: formatDuration(feed.graceMillis),
    on_end: feed.onEnd,
    ...formatOf(feed),
    ...(feed.program === null ? {} : { program: feed.program }),
  };
}

function streamOf(stream: StreamConfiguration): object {
  return {
    feed: oneOrMore([stream.feed, ...stream.otherFeeds]),
    ...(stream.fallback.length === 0 ? {} : { fallback: oneOrMore(stream.fallback) }),
    path: stream.path,
    ...(stream.encode === null ? {} : { encode: argvOf(stream.encode) }),
    ...(stream.on === null ? {} : { on: oneOrMore(stream.on) }),
    ...(stream.type === 'stream' ? {} : { type: stream.type }),
    ...(stream.client === 'shared' ? {} : { client: stream.client }),
    ...formatOf(stream),
    ...(stream.contentType === null ? {} : { content_type: escapeDollars(stream.contentType) }),
    start_timeout: formatDuration(stream.startTimeoutMillis),
    grace: formatDuration(stream.graceMillis),
    stall: formatDuration(stream.stallMillis),
    max_lag: formatDuration(stream.maxLagMillis),
    slow: stream.slow,
    join: stream.join.mode === 'behind' ? formatDuration(stream.join.behindMillis) : stream.join.mode,
    ...limitsOf(stream),
    ...(stream.bytesMax === null ? {} : { max_bytes: stream.bytesMax }),
    ...(stream.durationMillisMax === null ? {} : { max_duration: formatDuration(stream.durationMillisMax) }),
    ...textsOf(stream),
  };
}

function limitsOf({ listenersMax, bitsPerSecondMax }: EdgeConfiguration | StreamConfiguration): object {
  return {
    ...(listenersMax === null ? {} : { max_listeners: listenersMax }),
    ...(bitsPerSecondMax === null ? {} : { max_bandwidth: formatBitRate(bitsPerSecondMax) }),
  };
}

function textsOf({ overflow, title, description, genre, homepage }: StreamConfiguration): object {
  const texts = Object.entries({ overflow, title, description, genre, homepage });
  return Object.fromEntries(texts.flatMap(([key, text]) => (text === null ? [] : [[key, escapeDollars(text)]])));
}

function sourceOf(source: FeedSource): object {
  switch (source.kind) {
    case 'command':
      return { command: argvOf(source.command), ...(source.feeds.length === 0 ? {} : { feed: oneOrMore(source.feeds) }) };
    case 'file':
      return { file: escapeDollars(source.path), ...(source.pace === null ? {} : { pace: paceOf(source.pace) }) };
    case 'push': {
      const { credentials, takeover, sourcesMax } = source;
      return { push: source.path, source: credentials === null ? 'open' : { user: escapeDollars(credentials.user), password: mask }, takeover, ...(sourcesMax === null ? {} : { max_sources: sourcesMax }) };
    }
    case 'relay':
      return { relay: oneOrMore(maskSecrets(source.urls).map(escapeDollars)) };
    case 'stdin':
      return { file: '-' };
  }
}

function oneOrMore(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? '') : values;
}

function paceOf(pace: Pace): string | number {
  if (pace.by === 'rate') return pace.bytesPerSecond;
  return pace.by === 'nothing' ? 'none' : 'timestamps';
}

function activityOf(activity: Activity): string {
  if (activity.mode === 'continuous') return 'continuous';
  return activity.lingerMillis === 0 ? 'on-demand' : formatDuration(activity.lingerMillis);
}

function formatOf({ format, blockBytes }: FeedConfiguration | StreamConfiguration): object {
  return { ...(format === null ? {} : { format }), ...(format === 'raw' ? { block_bytes: blockBytes } : {}) };
}

function argvOf(command: CommandConfiguration): readonly string[] {
  return maskSecrets(command.argv).map((word) => escapeDollars(escapePlaceholders(word)));
}

function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function mapValues<Value>(record: Readonly<Record<string, Value>>, change: (value: Value) => object): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
