import { configuredName, hashesOf, hashOf, hashOfMasters, mirrorsFrom, takenPaths } from '@weir/config';
import type { Configuration, EntityHash } from '@weir/config';
import type { FleetStatus, StreamStatus } from '@weir/telemetry';

/** What a reload would do with one feed or stream. */
export interface PlanRow {
  readonly name: string;
  readonly kind: 'feed' | 'stream';
  readonly happens: 'starts' | 'stops' | 'restarts' | 'changes' | 'unchanged';
  /** Now; those of a feed are the listeners of the streams that come from it. */
  readonly listeners: number;
  /** How many of a stream's listeners would be disconnected. */
  readonly disconnected: number;
  /** How many of a stream's listeners would stay, with a gap while what it comes from starts again. */
  readonly interrupted: number;
  /** A changed password in it alone would not be seen from here. */
  readonly secret: boolean;
}

/** What a reload would do. */
export interface Plan {
  readonly rows: readonly PlanRow[];
  readonly disconnected: number;
  readonly interrupted: number;
  /** `listen` is another one: it takes effect when weir is started again. */
  readonly listenChanges: boolean;
  /** The `edge` section is another one: it takes effect at once, and disconnects nobody. */
  readonly edgeChanges: boolean;
  /** The `masters` section is another one; what new ones will give is not known before they are asked. */
  readonly mastersChange: boolean;
}

/** What of a status a plan is made against. */
export type Running = Pick<FleetStatus, 'settings' | 'streams' | 'feeds'>;

/**
 * Compares a configuration with what runs: its status, with hashes, as control and standalone tell it. Mirrored streams have a
 * row where the configuration would end them.
 */
export function planOf(configuration: Configuration, now: Running): Plan {
  const { settings } = now;
  const hashes = hashesOf(configuration);
  const { feeds, streams: runningStreams } = underConfiguredNames(withoutMirrored(configuration, now));
  const feedRows = compare('feed', hashes.feeds, feeds).map((row): PlanRow => {
    const listeners = runningStreams.filter(({ feed }) => feed === row.name).reduce((sum, stream) => sum + stream.listeners, 0);
    return { ...row, listeners, disconnected: 0, interrupted: 0 };
  });
  const streams = new Map(runningStreams.map((stream) => [stream.name, stream]));
  const streamRows = compare('stream', hashes.streams, runningStreams).map((row): PlanRow => {
    const { listeners = 0, source } = streams.get(row.name) ?? {};
    if (row.happens === 'starts') return { ...row, listeners, disconnected: 0, interrupted: 0 };
    if (row.happens === 'stops') return { ...row, listeners, disconnected: listeners, interrupted: 0 };
    const restarts = source !== hashes.streams.get(row.name)?.source;
    const happens = restarts ? 'restarts' : row.happens === 'unchanged' ? 'unchanged' : 'changes';
    return { ...row, happens, listeners, disconnected: 0, interrupted: restarts ? listeners : 0 };
  });
  const rows = [...feedRows, ...streamRows];
  return {
    rows,
    disconnected: rows.reduce((sum, row) => sum + row.disconnected, 0),
    interrupted: rows.reduce((sum, row) => sum + row.interrupted, 0),
    listenChanges: settings !== undefined && settings.listen !== null && settings.listen !== configuration.listen,
    edgeChanges: settings !== undefined && settings.edge !== hashOf(configuration.edge),
    mastersChange: settings !== undefined && settings.masters !== hashOfMasters(configuration.masters),
  };
}

/** What runs but for the mirrored streams that go on, with their feeds. */
function withoutMirrored(configuration: Configuration, running: Running): Running {
  const takes = takenPaths(configuration);
  const goesOn = ({ path, mirror }: StreamStatus): boolean =>
    mirror !== undefined && !takes(path) && mirror.of.some((url) => configuration.masters.some((master) => mirrorsFrom(master, url, path)));
  const kept = new Set(running.streams.filter(goesOn).map(({ feed }) => feed));
  return { ...running, streams: running.streams.filter(({ feed }) => !kept.has(feed)), feeds: running.feeds.filter(({ name }) => !kept.has(name)) };
}

interface RunningStream {
  readonly name: string;
  readonly feed: string;
  readonly listeners: number;
  readonly configuration?: string;
  readonly source?: string;
}

/** What runs, with all sources of a pattern as the one feed that stands in the configuration, whether there are any now or not. */
function underConfiguredNames({ feeds, streams, settings }: Running): { readonly feeds: readonly Entity[]; readonly streams: readonly RunningStream[] } {
  const stands = ({ name }: Entity): boolean => configuredName(name) === name;
  const listenersOf = (name: string): number => streams.reduce((sum, stream) => sum + (configuredName(stream.name) === name ? stream.listeners : 0), 0);
  const patterns = settings?.patterns ?? { feeds: [], streams: [] };
  return {
    feeds: [...feeds.filter(stands), ...patterns.feeds],
    streams: [...streams.filter(stands), ...patterns.streams.map((stream) => ({ ...stream, listeners: listenersOf(stream.name) }))],
  };
}

interface Entity {
  readonly name: string;
  readonly configuration?: string;
}

type Compared = Pick<PlanRow, 'name' | 'kind' | 'happens' | 'secret'>;

/** In the order of the configuration; what would be gone comes last. */
function compare(kind: PlanRow['kind'], planned: ReadonlyMap<string, EntityHash>, running: readonly Entity[]): Compared[] {
  const now = new Map(running.map(({ name, configuration }) => [name, configuration]));
  const rows = [...planned].map(([name, { hash, secret }]): Compared => {
    const happens = !now.has(name) ? 'starts' : now.get(name) === hash ? 'unchanged' : 'restarts';
    return { name, kind, happens, secret };
  });
  const gone = running.filter(({ name }) => !planned.has(name)).map(({ name }): Compared => ({ name, kind, happens: 'stops', secret: false }));
  return [...rows, ...gone];
}
