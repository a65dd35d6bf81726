import { isDeepStrictEqual } from 'node:util';
import { materialOf, parentNames } from '@weir/config';
import type { Group, GroupFeed, GroupMaterial, GroupStream } from '@weir/config';
import { CarriedFeed } from './carried-feed.ts';
import { commandSource } from './command-source.ts';
import type { Epochs } from './epochs.ts';
import { FallbackSwitch } from './fallback-switch.ts';
import { fileSource } from './file-source.ts';
import type { FrameSource } from './frame-source.ts';
import type { TreeOptions } from './ingest-options.ts';
import { relayRetryMillisMax, restartMillisMax } from './limits.ts';
import type { ShotOptions } from './pictures/shot.ts';
import { Producer } from './producer.ts';
import type { ProducerOptions, ProducerSurroundings } from './producer-options.ts';
import type { PushPoint } from './push/push-point.ts';
import { relaySource } from './relay/relay-source.ts';
import type { OpenSource } from './source.ts';
import { stdinSource } from './stdin-source.ts';

/** A feed that is pushed. */
export type PushedFeed = GroupFeed & { readonly source: Extract<GroupFeed['source'], { kind: 'push' }> };

/** A feed that runs here. */
interface OwnFeed {
  readonly producer: Producer;
  readonly continuous: boolean;
  /** Where it is pushed to. */
  readonly point: PushPoint | null;
}

/** What pictures are made of, and by which command. */
export type ShotParts = Pick<ShotOptions, 'parents' | 'open'>;

/** What a stream publishes. */
interface StreamPart {
  /** Null where each listener has an encoder of its own, and where there are only pictures. */
  readonly source: FrameSource | null;
  /** Where a command makes single pictures. */
  readonly shot: ShotParts | null;
  /** By the name of the session; that of all listeners under ''. */
  readonly encoders: Map<string, Producer>;
  /** Null where there are only pictures. */
  readonly makeEncoder: (() => Producer) | null;
  /** The switch that it reads, if it has fallbacks. */
  readonly switchKey: string | null;
}

/** The feeds, encoders and fallback switches of one feed tree. Those that a new configuration leaves as they are run on. */
export class TreeParts {
  readonly #options: TreeOptions;
  readonly #epochs: Epochs;
  readonly #around: ProducerSurroundings;
  readonly #pointFor: (feed: PushedFeed) => PushPoint;
  #material: GroupMaterial = { feeds: new Map(), streams: new Map() };
  readonly #feeds = new Map<string, OwnFeed>();
  readonly #carried = new Map<string, CarriedFeed>();
  readonly #streams = new Map<string, StreamPart>();
  /** By the names of their sources. */
  readonly #switches = new Map<string, FallbackSwitch>();

  constructor(options: TreeOptions, epochs: Epochs, pointFor: (feed: PushedFeed) => PushPoint) {
    this.#options = options;
    this.#epochs = epochs;
    this.#around = { owner: options.instance, epochs, logger: options.logger, isStopped: options.isStopped, onEnded: (name: string) => options.onEnded?.(name) };
    this.#pointFor = pointFor;
  }

  /** What each stream publishes, but for those with an encoder for each listener. */
  get sources(): readonly (readonly [stream: string, source: FrameSource])[] {
    return [...this.#streams].flatMap(([name, { source }]) => (source === null ? [] : [[name, source] as const]));
  }

  /** The streams that are made of single pictures. */
  get shots(): readonly (readonly [stream: string, parts: ShotParts])[] {
    return [...this.#streams].flatMap(([name, { shot }]) => (shot === null ? [] : [[name, shot] as const]));
  }

  get producers(): readonly Producer[] {
    return [...[...this.#feeds.values()].map(({ producer }) => producer), ...[...this.#streams.values()].flatMap(({ encoders }) => [...encoders.values()])];
  }

  /** Feeds that run without being asked. */
  get continuous(): readonly Producer[] {
    return [...this.#feeds.values()].flatMap(({ producer, continuous }) => (continuous ? producer : []));
  }

  get points(): readonly PushPoint[] {
    return [...this.#feeds.values()].flatMap(({ point }) => point ?? []);
  }

  /** An administrator may have stopped some of it, or let it start again. */
  heed(): void {
    for (const { producer, point } of this.#feeds.values()) {
      producer.heed();
      if (producer.mood === 'stopped') point?.close('an administrator stopped the feed');
    }
    for (const { encoders } of this.#streams.values()) for (const encoder of encoders.values()) encoder.heed();
  }

  producer(feed: string): Producer | undefined {
    return this.#feeds.get(feed)?.producer;
  }

  /** An encoder for one listener; undefined when the stream has one for all, or is not here. */
  openSession(stream: string, session: string): Producer | undefined {
    const part = this.#streams.get(stream);
    if (part === undefined || part.source !== null || part.makeEncoder === null) return undefined;
    const encoder = part.encoders.get(session) ?? part.makeEncoder();
    part.encoders.set(session, encoder);
    return encoder;
  }

  /** Fulfilled when its process is gone. */
  async closeSession(stream: string, session: string): Promise<void> {
    const encoders = this.#streams.get(stream)?.encoders;
    const encoder = encoders?.get(session);
    await encoder?.close();
    if (encoders?.get(session) === encoder) encoders?.delete(session);
  }

  /** Streams that the group has not, or made of something else. */
  outdated(group: Group): readonly string[] {
    const { streams } = materialOf(group);
    return [...this.#streams.keys()].filter((name) => !isDeepStrictEqual(streams.get(name), this.#material.streams.get(name)));
  }

  /**
   * Makes what the group lists and closes what it has not; nothing new is started. Nobody may publish what is outdated any more.
   *
   * @returns fulfilled when what was closed is gone; then `release` lets go of feeds that were held because their only reader is new
   */
  replace(group: Group): { readonly gone: Promise<unknown>; readonly release: () => void } {
    const outdated = this.outdated(group);
    const before = this.#material.feeds;
    this.#material = materialOf(group);
    const closing: Producer[] = [];
    for (const name of outdated) {
      closing.push(...(this.#streams.get(name)?.encoders.values() ?? []));
      this.#streams.delete(name);
    }
    const old = [...this.#feeds.keys()].filter((name) => !isDeepStrictEqual(before.get(name), this.#material.feeds.get(name)));
    const held = this.producers.filter((producer) => producer.used && !closing.includes(producer));
    for (const producer of held) producer.use(held);
    this.#closeSwitches();
    for (const name of old) {
      const feed = this.#feeds.get(name);
      feed?.point?.close('the configuration of the feed has changed');
      if (feed !== undefined) closing.push(feed.producer);
      this.#feeds.delete(name);
    }
    for (const name of this.#carried.keys()) if (!group.carried.includes(name)) this.#carried.delete(name);
    const gone = Promise.all(closing.map((producer) => producer.close()));
    this.#make(group);
    return {
      gone,
      release: () => {
        for (const producer of held) producer.release(held);
      },
    };
  }

  /** Ends everything; fulfilled when every process is gone. */
  async close(): Promise<void> {
    for (const point of this.points) point.close('the feed is closed');
    for (const each of this.#switches.values()) each.close();
    await Promise.all(this.producers.map((producer) => producer.close()));
  }

  #make(group: Group): void {
    for (const name of group.carried) if (!this.#carried.has(name)) this.#carried.set(name, new CarriedFeed(name, this.#options));
    for (const feed of group.feeds) if (!this.#feeds.has(feed.name)) this.#feeds.set(feed.name, this.#makeFeed(feed));
    for (const stream of group.streams) if (!this.#streams.has(stream.name)) this.#streams.set(stream.name, this.#makeStream(stream));
  }

  #makeFeed(feed: GroupFeed): OwnFeed {
    const parents = this.#sources(parentNames(feed));
    const point = isPushed(feed) ? this.#pointFor(feed) : null;
    const open = point?.open ?? openFeed(feed, parents, this.#options);
    return { producer: new Producer({ ...feedOptions(feed, parents), open }, this.#around), continuous: feed.active.mode === 'continuous', point };
  }

  #makeStream(stream: GroupStream): StreamPart {
    const switchKey = stream.fallback.length === 0 ? null : [stream.feed, ...stream.fallback].join(' ');
    const [first, ...others] = [switchKey === null ? this.#source(stream.feed) : this.#switch(stream, switchKey), ...this.#sources(stream.otherFeeds)];
    if (first === undefined) throw new TypeError(`stream ${stream.name}: its feed is not in the group`);
    if (stream.type === 'shot') {
      const parents = [first, ...others];
      const shot = { parents, open: openCommand(stream.encode?.argv ?? [], parents, this.#options, `encoder ${stream.name}`) };
      return { source: null, shot, encoders: new Map(), makeEncoder: null, switchKey };
    }
    const makeEncoder = (): Producer => new Producer(encoderOptions(stream, [first, ...others], this.#options), this.#around);
    if (stream.encode === null) return { source: first, shot: null, encoders: new Map(), makeEncoder, switchKey };
    if (stream.client === 'exclusive') return { source: null, shot: null, encoders: new Map(), makeEncoder, switchKey };
    const encoder = makeEncoder();
    return { source: encoder, shot: null, encoders: new Map([['', encoder]]), makeEncoder, switchKey };
  }

  #sources(feeds: readonly string[]): readonly FrameSource[] {
    return feeds.flatMap((name) => this.#source(name) ?? []);
  }

  #source(feed: string): FrameSource | undefined {
    return this.#feeds.get(feed)?.producer ?? this.#carried.get(feed);
  }

  /** A stream's feed with what takes its place; streams with the same ones share it. */
  #switch({ feed, fallback }: GroupStream, key: string): FallbackSwitch {
    const known = this.#switches.get(key);
    if (known !== undefined) return known;
    const made = new FallbackSwitch(feed, this.#sources([feed, ...fallback]), this.#epochs, this.#options.logger);
    this.#switches.set(key, made);
    return made;
  }

  /** Of streams that are no more. */
  #closeSwitches(): void {
    const kept = new Set([...this.#streams.values()].map(({ switchKey }) => switchKey));
    for (const [key, each] of this.#switches) {
      if (kept.has(key)) continue;
      each.close();
      this.#switches.delete(key);
    }
  }
}

function isPushed(feed: GroupFeed): feed is PushedFeed {
  return feed.source.kind === 'push';
}

function feedOptions(feed: GroupFeed, parents: readonly FrameSource[]): Omit<ProducerOptions, 'open'> {
  const { name, active, restart, stallMillis, onEnd, format, blockBytes, program, source } = feed;
  const starts = source.kind === 'push' ? 'on-arrival' : 'when-used';
  const waitMillisMax = source.kind === 'relay' ? relayRetryMillisMax : restartMillisMax;
  return { name, kind: 'feed', active, restart, restartMillisMax: waitMillisMax, stallMillis, onEnd, format, blockBytes, program, parents, starts };
}

/** What starts a feed that does not come by itself. */
function openFeed(feed: GroupFeed, parents: readonly FrameSource[], options: TreeOptions): OpenSource {
  switch (feed.source.kind) {
    case 'command':
      return openCommand(feed.source.command.argv, parents, options, `feed ${feed.name}`);
    case 'file':
      return fileSource(feed.source.path, feed.source.pace);
    case 'stdin':
      return stdinSource();
    case 'relay':
      return relaySource(feed.source.urls, options.logger.child(`feed ${feed.name}`));
    case 'push':
      throw new TypeError('a pushed feed is opened by whoever pushes it');
  }
}

function openCommand(argv: readonly string[], parents: readonly FrameSource[], { logger: root, onErrorLine }: TreeOptions, name: string): OpenSource {
  const logger = root.child(name);
  return commandSource(argv, parents, logger, (line) => (onErrorLine === undefined ? logger.debug('stderr', { line }) : onErrorLine(name, line)));
}

function encoderOptions(stream: GroupStream, parents: readonly FrameSource[], options: TreeOptions): ProducerOptions {
  const { name, encode, stallMillis, format, blockBytes } = stream;
  const open = openCommand(encode?.argv ?? [], parents, options, `encoder ${name}`);
  const active = { mode: 'on-demand', lingerMillis: 0 } as const;
  return { name, kind: 'encoder', active, restart: true, restartMillisMax, stallMillis, onEnd: 'restart', format, blockBytes, program: null, parents, starts: 'when-used', open };
}
