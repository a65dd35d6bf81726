import type { FleetStatus, InstanceStatus, MasterStatus, Mood, ProducerStatus, StreamStatus } from '@weir/telemetry';
import { formatElapsed, formatMoment } from './duration.ts';
import { hrefOf, playPath } from './href.ts';
import { countMoods, moodMeanings, needsAttention } from './moods.ts';
import { formatBitRate, formatBytes, formatCount, nothing } from './quantity.ts';
import { render } from './templates.ts';
import { thumbnailHref } from './thumbnail.ts';

/** The page names this many of those in trouble; the tables have them all. */
const troubledNamesMax = 8;
/** Pixels: one of the widths that pictures come in, more than the page shows, for screens of high density. */
const thumbnailWidth = 240;
/** A longer error, or one of several lines, is folded behind its beginning. */
const errorCharactersMax = 140;

export interface StatPageOptions {
  /** The start page's path; null where there is none. */
  readonly startPath: string | null;
  /** The path of the same status as JSON; null where there is none. */
  readonly jsonPath: string | null;
  /** Where the streams are: `http://host:port`, nothing for this server; null when nobody serves them. */
  readonly streamsOrigin: string | null;
  /** After how many seconds a browser without scripts loads the page again; null: never. */
  readonly refreshSeconds: number | null;
}

interface Since {
  readonly iso: string;
  readonly moment: string;
  readonly elapsed: string;
}

interface StreamRow {
  readonly id: string;
  readonly attention: boolean;
  readonly name: string;
  readonly feed: string;
  readonly path: string;
  /** Null when nobody serves it. */
  readonly href: string | null;
  readonly playHref: string;
  /** Null where there is none. */
  readonly pictureHref: string | null;
  readonly thumbnailHref: string | null;
  readonly mood: Mood;
  /** Null where no producer tells it. */
  readonly since: Since | null;
  readonly format: string;
  readonly listeners: string;
  readonly listenersPeak: string;
  readonly listenersTotal: string;
  readonly rateIn: string;
  readonly rateOut: string;
  readonly sent: string;
  readonly skips: string;
}

interface ProducerRow {
  readonly id: string;
  readonly attention: boolean;
  readonly name: string;
  readonly mood: Mood;
  /** Null for what nobody owns: then nobody knows. */
  readonly since: Since | null;
  readonly owner: string;
  readonly pid: string;
  readonly format: string;
  readonly epoch: string;
  readonly rate: string;
  readonly bytes: string;
  readonly frames: string;
  readonly restarts: string;
  readonly gaps: string;
  readonly skipped: string;
  readonly error: ErrorText | null;
}

interface MasterRow {
  readonly id: string;
  readonly attention: boolean;
  readonly name: string;
  readonly mood: Mood;
  readonly since: Since;
  readonly software: string;
  readonly streams: string;
  readonly error: ErrorText | null;
}

/** `whole` is null when `start` is all of it. */
interface ErrorText {
  readonly start: string;
  readonly whole: string | null;
}

interface InstanceRow {
  readonly instance: string;
  readonly version: string;
  readonly pid: string;
  readonly since: Since;
  readonly url: string | null;
  readonly listeners: string | null;
}

/** The page at `/stat`: the fleet as `status` tells it. Works without scripts; `/assets/stat.js` keeps it fresh. HTML, UTF-8. */
export function statPage(status: FleetStatus, options: StatPageOptions): string {
  const { time } = status;
  const feeds = status.feeds.map((feed, index) => producerRow(feed, index, time));
  const encoders = status.encoders.map((encoder, index) => producerRow(encoder, index, time));
  const streams = status.streams.map((stream, index) => streamRow(stream, index, status, options.streamsOrigin));
  const masters = status.masters.map((master, index) => masterRow(master, index, time));
  // A stream without a since has no producer that explains its mood, as on an edge: it is named for itself.
  const troubled = [...feeds, ...encoders, ...masters, ...streams.filter(({ since }) => since === null)].filter(({ mood }) => needsAttention(mood));
  return render('stat', {
    title: troubled.length === 0 ? 'Status of weir' : `${troubled.length} in trouble: status of weir`,
    troubled: troubled.slice(0, troubledNamesMax),
    troubledMore: Math.max(0, troubled.length - troubledNamesMax),
    verdict: troubled.length > 0 ? 'bad' : streams.length > 0 ? 'good' : 'none',
    summary: summaryOf(status),
    totals: totalsOf(status),
    time: sinceOf(time, time),
    started: sinceOf(status.since, time),
    weirVersion: status.weirVersion,
    streams: sadFirst(streams),
    feeds: sadFirst(feeds),
    encoders: sadFirst(encoders),
    masters: sadFirst(masters),
    ingests: status.ingests.map((ingest) => instanceRow(ingest, time)),
    edges: status.edges.map((edge) => ({ ...instanceRow(edge, time), url: edge.url, listeners: formatCount(edge.listeners) })),
    moods: Object.entries(moodMeanings).map(([mood, meaning]) => ({ mood, meaning })),
    startPath: options.startPath,
    jsonPath: options.jsonPath,
    refreshSeconds: options.refreshSeconds,
    streamsOrigin: options.streamsOrigin ?? '',
  });
}

/** Those that somebody should look at, then the others, each in the order of the configuration. */
function sadFirst<T extends { readonly attention: boolean }>(rows: readonly T[]): readonly T[] {
  return [...rows.filter(({ attention }) => attention), ...rows.filter(({ attention }) => !attention)];
}

/** How it is, in one line: `3 of 9 streams live, 12 listening, 4.20 Mbit/s going out.` */
function summaryOf({ streams, listeners }: FleetStatus): string {
  if (streams.length === 0) return 'No stream is configured.';
  const live = streams.filter(({ mood }) => mood === 'happy').length;
  const rate = streams.reduce((total, { bitsPerSecondOut }) => total + bitsPerSecondOut, 0);
  const count = `${formatCount(live)} of ${formatCount(streams.length)} ${streams.length === 1 ? 'stream' : 'streams'} live`;
  return `${count}, ${formatCount(listeners)} listening, ${formatBitRate(rate)} going out.`;
}

/** The large figures on top: what, how much, and a smaller line that says more. */
function totalsOf(status: FleetStatus): readonly { name: string; value: string; more: string }[] {
  const { streams, feeds } = status;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return [
    {
      name: 'Listening',
      value: formatCount(status.listeners),
      more: `${formatCount(sum(streams.map((stream) => stream.listenersTotal)))} in all`,
    },
    { name: 'Streams', value: formatCount(streams.length), more: countMoods(streams.map(({ mood }) => mood)) },
    {
      name: 'Going out',
      value: formatBitRate(sum(streams.map((stream) => stream.bitsPerSecondOut))),
      more: `${formatBytes(sum(streams.map((stream) => stream.bytesOut)))} in all`,
    },
    {
      name: 'Coming in',
      value: formatBitRate(sum(feeds.map((feed) => feed.bitsPerSecond))),
      more: `${formatBytes(sum(feeds.map((feed) => feed.bytes)))} in all`,
    },
  ];
}

function streamRow(stream: StreamStatus, index: number, status: FleetStatus, streamsOrigin: string | null): StreamRow {
  // A stream has the mood of its producer, so its since too: an encoder bears the name of its stream.
  const producer =
    status.encoders.find(({ name }) => name === stream.name) ?? status.feeds.find(({ name }) => name === stream.feed);
  const origin = streamsOrigin ?? '';
  const thumbnail = streamsOrigin === null ? null : thumbnailHref(stream, thumbnailWidth, index, status.time);
  return {
    id: `stream-${index}`,
    attention: needsAttention(stream.mood),
    name: stream.name,
    feed: stream.mirror?.of.join(', ') ?? stream.feed,
    path: stream.path,
    href: streamsOrigin === null ? null : origin + hrefOf(stream.path),
    playHref: hrefOf(playPath(stream.name)),
    pictureHref: stream.picture === null ? null : origin + hrefOf(stream.picture),
    thumbnailHref: thumbnail === null ? null : origin + thumbnail,
    mood: stream.mood,
    since: producer?.mood === stream.mood && producer.owner !== '' ? sinceOf(producer.since, status.time) : null,
    format: stream.format ?? nothing,
    listeners: formatCount(stream.listeners),
    listenersPeak: formatCount(stream.listenersPeak),
    listenersTotal: formatCount(stream.listenersTotal),
    rateIn: rateOrNothing(stream.bitsPerSecondIn),
    rateOut: rateOrNothing(stream.bitsPerSecondOut),
    sent: stream.bytesOut === 0 ? '' : `${formatBytes(stream.bytesOut)} sent`,
    skips: formatCount(stream.skips),
  };
}

/** Zeros would hide among them what flows. */
function rateOrNothing(bitsPerSecond: number): string {
  return bitsPerSecond > 0 ? formatBitRate(bitsPerSecond) : nothing;
}

function producerRow(producer: ProducerStatus, index: number, time: string): ProducerRow {
  return {
    id: `${producer.kind}-${index}`,
    attention: needsAttention(producer.mood),
    name: producer.name,
    mood: producer.mood,
    since: producer.owner === '' ? null : sinceOf(producer.since, time),
    owner: producer.owner,
    pid: producer.pid === null ? '' : `pid ${producer.pid}`,
    format: producer.format ?? nothing,
    epoch: producer.epoch === null ? '' : `epoch ${producer.epoch}`,
    rate: rateOrNothing(producer.bitsPerSecond),
    bytes: producer.bytes === 0 ? '' : formatBytes(producer.bytes),
    frames: formatCount(producer.frames),
    restarts: formatCount(producer.restarts),
    gaps: formatCount(producer.gaps),
    skipped: producer.skippedBytes === 0 ? '' : `${formatBytes(producer.skippedBytes)} skipped`,
    error: producer.lastError === null ? null : errorText(producer.lastError),
  };
}

function masterRow({ url, mood, since, lastError, software, streams }: MasterStatus, index: number, time: string): MasterRow {
  return {
    id: `master-${index}`,
    attention: needsAttention(mood),
    name: url,
    mood,
    since: sinceOf(since, time),
    software: software ?? nothing,
    streams: formatCount(streams),
    error: lastError === null || mood === 'happy' ? null : errorText(lastError),
  };
}

function errorText(error: string): ErrorText {
  const whole = error.trim();
  const start = new RegExp(`^.{0,${errorCharactersMax}}`, 'u').exec(whole)?.[0] ?? '';
  return start === whole ? { start, whole: null } : { start: `${start}…`, whole };
}

function instanceRow(instance: InstanceStatus, time: string): InstanceRow {
  return {
    instance: instance.instance,
    version: instance.version,
    pid: String(instance.pid),
    since: sinceOf(instance.since, time),
    url: null,
    listeners: null,
  };
}

function sinceOf(iso: string, time: string): Since {
  return { iso, moment: formatMoment(iso), elapsed: formatElapsed(iso, time) };
}
