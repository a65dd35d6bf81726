import { statusVersion } from './status.ts';
import type { FeedStatus, FleetStatus, InstanceStatus, MasterStatus, MirrorStatus, Mood, ProducerStatus, SettingsStatus, StreamStatus } from './status.ts';

/** A JSON Schema (2020-12), or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

const moods = ['sleeping', 'waking', 'happy', 'hungry', 'sad', 'ended', 'lost', 'stopped'] as const satisfies readonly Mood[];
const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
const rate: Schema = { type: 'number', minimum: 0 };
const time: Schema = { type: 'string', format: 'date-time' };
const isTrue: Schema = { const: true };

function orNull(schema: Schema): Schema {
  return { ...schema, type: [schema['type'], 'null'] };
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

/** An object with these keys and no others; those that are optional in the type may be missing. */
function record<T extends object>(properties: { readonly [Key in keyof Required<T>]: Schema }, ...optional: readonly OptionalKeys<T>[]): Schema {
  const required = Object.keys(properties).filter((key) => !(optional as readonly string[]).includes(key));
  return { type: 'object', properties, required, additionalProperties: false };
}

type OptionalKeys<T> = { [Key in keyof T]-?: Record<never, never> extends Pick<T, Key> ? Key & string : never }[keyof T];

const instance = { instance: text, version: text, since: time, pid: count } as const;

const producer = {
  name: text,
  kind: { enum: ['feed', 'encoder'] },
  mood: { enum: moods },
  since: time,
  lastError: orNull(text),
  owner: text,
  pid: orNull(count),
  format: orNull(text),
  epoch: orNull(count),
  title: text,
  restarts: count,
  bytes: count,
  frames: count,
  skippedBytes: count,
  gaps: count,
  bitsPerSecond: rate,
} as const;

const mirror = record<MirrorStatus>({ of: listOf(text), via: listOf(text) });

const stream = record<StreamStatus>(
  {
    name: text,
    title: orNull(text),
    path: { type: 'string', pattern: '^/' },
    picture: orNull(text),
    protected: isTrue,
    feed: text,
    mood: { enum: moods },
    configuration: text,
    source: text,
    format: orNull(text),
    contentType: orNull(text),
    listeners: count,
    listenersPeak: count,
    listenersTotal: count,
    bytesOut: count,
    bitsPerSecondIn: rate,
    bitsPerSecondOut: rate,
    skips: count,
    mirror,
  },
  'configuration',
  'source',
  'mirror',
  'protected',
);

const master = record<MasterStatus>({
  url: text,
  mood: { enum: ['waking', 'happy', 'sad'] satisfies MasterStatus['mood'][] },
  since: time,
  lastError: orNull(text),
  software: { enum: ['weir', 'icecast', 'savate', 'list', null] satisfies MasterStatus['software'][] },
  streams: count,
});

const patterns = record<SettingsStatus['patterns']>({
  feeds: listOf(record<SettingsStatus['patterns']['feeds'][number]>({ name: text, configuration: text })),
  streams: listOf(record<SettingsStatus['patterns']['streams'][number]>({ name: text, feed: text, configuration: text, source: text })),
});

/** What `/stat.json` is held to, and `/stat.schema.json` tells: JSON Schema 2020-12. A reader should take keys that it does not know. */
export const statusSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Status of weir',
  description: 'Times are ISO 8601 in UTC, rates bits a second. A change that a reader could trip over comes with a new version.',
  ...record<FleetStatus>(
    {
      version: { const: statusVersion },
      name: { const: 'weir' },
      weirVersion: text,
      deployment: text,
      time,
      since: time,
      listeners: count,
      settings: record<SettingsStatus>({ listen: orNull(text), edge: text, masters: text, patterns }),
      streams: listOf(stream),
      feeds: listOf(record<FeedStatus>({ ...producer, configuration: text }, 'configuration', 'title')),
      encoders: listOf(record<ProducerStatus>(producer, 'title')),
      masters: listOf(master),
      ingests: listOf(record<InstanceStatus>(instance)),
      edges: listOf(record<FleetStatus['edges'][number]>({ ...instance, url: text, listeners: count, draining: isTrue }, 'draining')),
    },
    'deployment',
    'settings',
  ),
};
