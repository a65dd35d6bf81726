import type { Configuration } from '@weir/config';
import type { FleetStatus } from '@weir/telemetry';
import type { AdminAnswer, AdminCall, AdminRoute } from '../admin/admin-route.ts';
import { icecastTime, isoTime } from './icecast-time.ts';
import { icecastMounts } from './mounts.ts';
import type { IcecastMount } from './mounts.ts';
import { xmlDocument, xmlElement } from './xml.ts';

/** What Icecast's reads are answered from. */
export interface IcecastRoutesOptions {
  readonly status: () => FleetStatus;
  /** With the streams of the sources that are there; null before there is one. */
  readonly configuration: () => Configuration | null;
}

/** A name of a statistic of Icecast 2.4, and its value. */
type Statistic = readonly [name: string, value: string | number];

const xmlType = 'text/xml; charset=utf-8';

/** What Icecast 2.4 tells those who watch it, in its own forms. */
export function icecastRoutes({ status, configuration }: IcecastRoutesOptions): readonly AdminRoute[] {
  const mountsOf = ({ query }: AdminCall): readonly IcecastMount[] => {
    const now = configuration();
    const all = now === null ? [] : icecastMounts(status(), now);
    const mount = query.get('mount');
    return mount === null ? all : all.filter(({ path }) => path === mount);
  };
  const listenOrigin = (call: AdminCall): string => configuration()?.edge.url ?? call.origin;
  const route = (path: string, access: AdminRoute['access'], summary: string, query: readonly string[], type: string, answer: AdminRoute['answer']): AdminRoute => ({ method: 'GET', path, access, summary, query, type, answer });
  return [
    route('/status-json.xsl', 'open', 'Streams, as Icecast 2.4 tells them; with array=1, "source" is always an array', ['mount', 'array'], 'application/json', (call) => statusJson(call, mountsOf(call), status(), listenOrigin(call))),
    route('/admin/stats', 'read', 'All of it, as the XML of Icecast 2.4', ['mount'], 'text/xml', (call) => statsXml(call, mountsOf(call), status(), listenOrigin(call))),
    route('/admin/listmounts', 'read', "Streams, as Icecast's XML", ['mount'], 'text/xml', (call) => listMounts(mountsOf(call), status())),
    route('/admin/streamlist.txt', 'read', 'Paths of streams, a line each', ['mount'], 'text/plain', (call) => ({ status: 200, type: 'text/plain; charset=utf-8', body: mountsOf(call).map(({ path }) => `${path}\r\n`).join('') })),
  ];
}

/** `source` is absent without any, an object of one, an array of more, as readers know it; with `array=1` always an array. */
function statusJson({ query, origin }: AdminCall, mounts: readonly IcecastMount[], status: FleetStatus, listenOrigin: string): AdminAnswer {
  const sources = mounts.map((mount) => ({ ...Object.fromEntries(publicStatistics(mount, listenOrigin)), dummy: null }));
  const [only] = sources;
  const source = query.get('array') === '1' ? { source: sources } : only === undefined ? {} : { source: sources.length === 1 ? only : sources };
  return { status: 200, body: { icestats: { ...Object.fromEntries(globalStatistics(origin, status)), ...source } } };
}

function statsXml({ origin }: AdminCall, mounts: readonly IcecastMount[], status: FleetStatus, listenOrigin: string): AdminAnswer {
  const totals: readonly Statistic[] = [
    ...globalStatistics(origin, status),
    ['listeners', status.listeners],
    ['listener_connections', status.streams.reduce((sum, { listenersTotal }) => sum + listenersTotal, 0)],
    ['sources', mounts.length],
  ];
  const sources = mounts.map((mount) => {
    const { listenersMax, listenersTotal, bytesIn, bytesOut, onDemand, path } = mount;
    const own: readonly Statistic[] = [
      ...publicStatistics(mount, listenOrigin),
      ['max_listeners', listenersMax ?? 'unlimited'],
      ['listener_connections', listenersTotal],
      ['total_bytes_read', bytesIn],
      ['total_bytes_sent', bytesOut],
      ['on_demand', onDemand ? 1 : 0],
    ];
    return xmlElement('source', elements(own), { mount: path });
  });
  return { status: 200, type: xmlType, body: xmlDocument(xmlElement('icestats', [...elements(totals), ...sources])) };
}

function listMounts(mounts: readonly IcecastMount[], status: FleetStatus): AdminAnswer {
  const now = Date.parse(status.time);
  const sources = mounts.map(({ path, listeners, since, contentType }) => {
    const connected = since === null ? 0 : Math.max(0, Math.round((now - since.getTime()) / 1000));
    return xmlElement('source', elements([['fallback', ''], ['listeners', listeners], ['Connected', connected], ['content-type', contentType]]), { mount: path });
  });
  return { status: 200, type: xmlType, body: xmlDocument(xmlElement('icestats', sources)) };
}

function globalStatistics(origin: string, { since, weirVersion }: FleetStatus): readonly Statistic[] {
  const start = new Date(since);
  return [
    ['admin', ''],
    ['host', new URL(origin).hostname],
    ['location', ''],
    ['server_id', `weir ${weirVersion}`],
    ['server_start', icecastTime(start)],
    ['server_start_iso8601', isoTime(start)],
  ];
}

/** What Icecast shows to everybody. */
function publicStatistics(mount: IcecastMount, listenOrigin: string): readonly Statistic[] {
  const { path, name, description, genre, homepage, contentType, bitrate, listeners, listenersPeak, title, since } = mount;
  return [
    ...(bitrate === null ? [] : [['bitrate', bitrate] as const]),
    ['genre', genre],
    ['listener_peak', listenersPeak],
    ['listeners', listeners],
    ['listenurl', `${listenOrigin}${path}`],
    ['server_description', description],
    ['server_name', name],
    ['server_type', contentType],
    ...(homepage === null ? [] : [['server_url', homepage] as const]),
    ...(since === null ? [] : [['stream_start', icecastTime(since)] as const, ['stream_start_iso8601', isoTime(since)] as const]),
    ...(title === null ? [] : [['title', title] as const]),
  ];
}

function elements(statistics: readonly Statistic[]): readonly string[] {
  return statistics.map(([name, value]) => xmlElement(name, value));
}
