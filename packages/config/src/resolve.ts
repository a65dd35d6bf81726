import { resolveAccess } from './access.ts';
import { AccessFiles } from './access-files.ts';
import { resolveAdmin } from './admin.ts';
import { collect } from './collect.ts';
import { checkCycles } from './cycles.ts';
import { checkPatterns } from './check-patterns.ts';
import { resolveEdge } from './edge.ts';
import { readEncoders } from './encoders.ts';
import { resolveFeed } from './feeds.ts';
import { resolveMasters } from './masters.ts';
import { formatPlace, wholeFile } from './place.ts';
import { quote } from './problem.ts';
import { resolveOwnFeed, resolveStream } from './streams.ts';
import { resolveTls } from './tls.ts';
import { entryOf, report } from './tree.ts';
import { UrlPaths } from './urls.ts';
import type { Collected, SourceFile } from './collect.ts';
import type { Configuration, FeedConfiguration, StreamConfiguration } from './configuration.ts';
import type { KnownFeeds } from './feed-names.ts';
import type { Problems } from './problem.ts';

const listenDefault = '127.0.0.1:8090';

/**
 * The configuration that files make together. Throws `ConfigurationError` with everything that is wrong with them.
 *
 * @param complete false when files are missing that could not be read; `problems` then tells which.
 */
export function resolveFiles(files: readonly SourceFile[], complete: boolean, problems: Problems): Configuration {
  const collected = collect(files, complete, problems);
  const known = knownFeeds(collected, problems);
  const encoders = { encoders: readEncoders(collected.encoders, problems), complete: collected.complete };
  const accessFiles = new AccessFiles(problems);
  const feeds = new Map<string, FeedConfiguration>();
  for (const entity of collected.feeds.values()) for (const feed of resolveFeed(entity, known, accessFiles, problems)) feeds.set(feed.name, feed);
  checkCycles(collected.feeds, problems);
  checkStandardInput(collected, feeds, problems);
  checkPushPaths(collected, feeds, problems);
  const edge = resolveEdge(collected.edge, problems);
  const masters = resolveMasters(collected.masters, problems);
  const admin = resolveAdmin(collected.admin, problems);
  const access = collected.access === undefined ? null : resolveAccess(collected.access, ['access'], accessFiles, problems);

  for (const entity of collected.streams.values()) {
    const own = resolveOwnFeed(entity, problems);
    if (own !== null) feeds.set(own.name, own);
  }
  const streams = new Map<string, StreamConfiguration>();
  const urls = new UrlPaths(problems);
  for (const entity of collected.streams.values()) {
    const stream = resolveStream(entity, { known, feeds, encoders, urls, access, accessFiles, problems });
    if (stream !== null) streams.set(stream.name, stream);
  }
  checkPatterns(collected, { feeds: Object.fromEntries(feeds), streams: Object.fromEntries(streams) }, problems);
  if (collected.streams.size === 0 && collected.masters.length === 0 && known.complete) {
    problems.add(wholeFile(files[0]?.file ?? 'configuration'), [], 'nothing to serve: add a stream under streams:');
  }
  problems.throwIfAny();
  const listen = collected.listen?.value;
  return {
    listen: listen?.kind === 'scalar' ? listen.text : listenDefault,
    tls: resolveTls(collected.tls),
    feeds: Object.fromEntries(feeds),
    streams: Object.fromEntries(streams),
    masters,
    edge,
    admin,
    access: { listeners: access, htpasswd: Object.fromEntries(accessFiles.htpasswd), keys: Object.fromEntries(accessFiles.keys) },
  };
}

/** Every name that `feed` may refer to; a stream with a command of its own takes its name among the feeds. */
function knownFeeds(collected: Collected, problems: Problems): KnownFeeds {
  const names = new Set(collected.feeds.keys());
  for (const [name, { entry }] of collected.streams) {
    const command = entryOf(entry.value, 'command');
    if (command === undefined) continue;
    const feed = collected.feeds.get(name);
    if (feed !== undefined) {
      const message = `makes a feed ${quote(name)}, which is already at ${formatPlace(feed.place)}; use feed: ${name}, or another name`;
      problems.add(command.key.place, ['streams', name, 'command'], message);
    }
    names.add(name);
  }
  return { names, complete: collected.complete };
}

/** Reports every feed but the first that reads weir's own standard input. */
function checkStandardInput(collected: Collected, feeds: ReadonlyMap<string, FeedConfiguration>, problems: Problems): void {
  const [first, ...others] = [...feeds.values()].filter((feed) => feed.source.kind === 'stdin');
  for (const { name } of others) {
    const file = entryOf(collected.feeds.get(name)?.entry.value, 'file')?.value;
    if (file !== undefined) report(problems, file, ['feeds', name, 'file'], `feed ${quote(first?.name ?? '')} already reads the standard input`);
  }
}

/** Reports every feed but the first that is pushed at a path. */
function checkPushPaths(collected: Collected, feeds: ReadonlyMap<string, FeedConfiguration>, problems: Problems): void {
  const taken = new Map<string, string>();
  for (const { name, source } of feeds.values()) {
    if (source.kind !== 'push') continue;
    const first = taken.get(source.path);
    if (first === undefined) taken.set(source.path, name);
    const push = entryOf(collected.feeds.get(name)?.entry.value, 'push')?.value;
    if (first !== undefined && push !== undefined) report(problems, push, ['feeds', name, 'push'], `feed ${quote(first)} is already pushed at this path`);
  }
}
