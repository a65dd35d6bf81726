import type { EdgeStatus, EdgeStreamStatus, IngestStatus, InstanceStatus, Mood, ProducerStatus } from './status.ts';

const moods: readonly unknown[] = ['sleeping', 'waking', 'happy', 'hungry', 'sad', 'ended', 'lost', 'stopped'] satisfies Mood[];
const states: readonly unknown[] = ['idle', 'waiting', 'live', 'silent', 'ended'] satisfies EdgeStreamStatus['state'][];

/** What a value of JSON must be. */
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const textOrNull: Check = (value) => value === null || text(value);
const count: Check = (value) => Number.isFinite(value) && Number(value) >= 0;
const countOrNull: Check = (value) => value === null || count(value);
const time: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every((each) => check(each));
const optional = (check: Check): Check => (value) => value === undefined || check(value);

function record<T extends object>(checks: { readonly [Key in keyof Required<T>]: Check }): Check {
  const entries = Object.entries<Check>(checks);
  return (value) => typeof value === 'object' && value !== null && entries.every(([key, check]) => check((value as Readonly<Record<string, unknown>>)[key]));
}

const instance: { readonly [Key in keyof InstanceStatus]: Check } = { instance: text, version: text, since: time, pid: count };

const producer = record<ProducerStatus>({
  name: text,
  kind: (value) => value === 'feed' || value === 'encoder',
  mood: (value) => moods.includes(value),
  since: time,
  lastError: textOrNull,
  owner: text,
  pid: countOrNull,
  format: textOrNull,
  epoch: countOrNull,
  restarts: count,
  bytes: count,
  frames: count,
  skippedBytes: count,
  gaps: count,
  bitsPerSecond: count,
  title: optional(text),
});

const edgeStream = record<EdgeStreamStatus>({
  name: text,
  path: text,
  state: (value) => states.includes(value),
  contentType: textOrNull,
  listeners: count,
  listenersPeak: count,
  listenersTotal: count,
  bytesIn: count,
  bytesOut: count,
  bitsPerSecondIn: count,
  bitsPerSecondOut: count,
  skips: count,
  gapsMended: count,
  gapsLost: count,
});

const isIngest = record<IngestStatus>({ ...instance, role: (value) => value === 'ingest', producers: listOf(producer) });
const isEdge = record<EdgeStatus>({ ...instance, role: (value) => value === 'edge', url: text, draining: optional((value) => value === true), streams: listOf(edgeStream) });

/** What an instance tells of itself on the bus, as JSON; null for what is no such account: anything may arrive there. Keys of a later weir stay. */
export function readInstanceStatus(payload: Uint8Array): IngestStatus | EdgeStatus | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
    return isIngest(value) || isEdge(value) ? (value as IngestStatus | EdgeStatus) : null;
  } catch {
    return null;
  }
}
