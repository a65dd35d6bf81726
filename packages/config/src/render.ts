import { Document, visit } from 'yaml';
import { escapePlaceholders } from './placeholders.ts';
import { formatBitRate } from './schema/bit-rate.ts';
import { formatDuration } from './schema/duration.ts';
import { mask, maskSecrets } from './secret.ts';
import type { Activity, AddressRules, AdminConfiguration, CommandConfiguration, Configuration, EdgeConfiguration, FeedConfiguration, FeedSource, ListenerAccess, MasterConfiguration, Pace, PushCredentials, StreamConfiguration, TlsConfiguration } from './configuration.ts';

/**
 * The final form as a configuration file: sets made, templates and the environment put in, every default spelled out.
 * It loads to the same configuration again, except for secrets, which are masked.
 */
export function renderConfiguration(configuration: Configuration): string {
  const { listen, tls, edge, admin, access, feeds, streams, masters } = configuration;
  const secured = tls === null ? {} : { tls: tlsOf(tls) };
  const mirrored = masters.length === 0 ? {} : { masters: masters.map(masterOf) };
  const limited = access.listeners === null ? {} : { access: accessOf(access.listeners) };
  const tree = { listen, ...secured, edge: edgeOf(edge), ...adminOf(admin), ...limited, ...mirrored, feeds: mapValues(feeds, feedOf), streams: mapValues(streams, (stream) => ({ ...streamOf(stream), ...streamAccessOf(stream, access.listeners) })) };
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
  return { ...limitsOf(edge), busy_at: edge.busyAt ?? 'never', trusted_proxies: edge.trustedProxies, proxy_protocol: edge.proxyProtocol, ...(edge.url === null ? {} : { url: edge.url }) };
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

function accessOf({ basic, signed, allow, deny }: ListenerAccess): object {
  return {
    ...(basic === null ? {} : { basic: { htpasswd_file: escapeDollars(basic.htpasswdFile), realm: escapeDollars(basic.realm) } }),
    ...(signed === null ? {} : { signed: { key_file: escapeDollars(signed.keyFile) } }),
    ...addressesOf({ allow, deny }),
  };
}

/** Nothing where it is that of all streams: nobody else says anything. */
function streamAccessOf({ access }: StreamConfiguration, usual: ListenerAccess | null): object {
  if (access !== null) return { access: accessOf(access) };
  return usual === null ? {} : { access: 'open' };
}

function addressesOf({ allow, deny }: AddressRules): object {
  return { ...(allow.length === 0 ? {} : { allow }), ...(deny.length === 0 ? {} : { deny }) };
}

/** As much as loads again, secrets aside. */
function sourceAccessOf(credentials: PushCredentials | null, addresses: AddressRules): unknown {
  if (credentials === null) return 'open';
  const login = 'htpasswdFile' in credentials ? { htpasswd_file: escapeDollars(credentials.htpasswdFile) } : { user: escapeDollars(credentials.user), password: mask };
  return { ...login, ...addressesOf(addresses) };
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
    ...(stream.gatherMillis === 0 ? {} : { gather: formatDuration(stream.gatherMillis) }),
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
      const { credentials, addresses, takeover, sourcesMax } = source;
      return { push: source.path, source: sourceAccessOf(credentials, addresses), takeover, ...(sourcesMax === null ? {} : { max_sources: sourcesMax }) };
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
