import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { MemoryBus } from '@weir/bus';
import type { Configuration } from '@weir/config';
import type { StreamFrame } from '@weir/media';
import { createLogger, Metrics } from '@weir/telemetry';
import { encodeControl, MessageReader, Subjects } from '@weir/wire';
import { Ingest } from './ingest.ts';

/** As an edge does. */
const demandRepeatMillis = 2000;

/** For tests: an ingest with real sources on a bus of its own, and an edge's side of it. */
export class TestIngest {
  readonly ingest: Ingest;
  readonly #bus: MemoryBus;
  readonly #subjects: Subjects;
  readonly #repetitions = new Map<string, NodeJS.Timeout>();
  readonly #published = new Map<string, StreamFrame[]>();

  private constructor(ingest: Ingest, bus: MemoryBus, subjects: Subjects) {
    this.ingest = ingest;
    this.#bus = bus;
    this.#subjects = subjects;
  }

  static async start(configuration: Configuration): Promise<TestIngest> {
    const bus = new MemoryBus((error) => assert.fail(String(error)));
    const subjects = new Subjects('weir');
    const logger = createLogger({ name: 'test', level: 'error', format: 'text', write: new Writable({ write: (_, __, done) => done() }) });
    const ingest = await Ingest.start({ instance: 'one', labels: [], version: '0', bus, subjects, logger, metrics: new Metrics('0', 'ingest'), ffmpeg: 'ffmpeg' });
    const test = new TestIngest(ingest, bus, subjects);
    for (const stream of Object.keys(configuration.streams)) test.#follow(stream);
    ingest.apply(configuration);
    return test;
  }

  close(): Promise<void> {
    for (const repetition of this.#repetitions.values()) clearInterval(repetition);
    return this.ingest.close();
  }

  /** Says that an edge has so many listeners, again and again. */
  demand(stream: string, listeners: number, edge = 'edge-1'): void {
    const key = `${edge} ${stream}`;
    clearInterval(this.#repetitions.get(key));
    if (listeners > 0) this.#repetitions.set(key, setInterval(() => this.#say(stream, listeners, edge), demandRepeatMillis));
    this.#say(stream, listeners, edge);
  }

  #say(stream: string, listeners: number, edge: string): void {
    this.#bus.control.publish(this.#subjects.demand(stream), encodeControl({ edge, listeners }));
  }

  /** Every frame that was published of a stream. */
  published(stream: string): { readonly frames: readonly StreamFrame[] } {
    return { frames: this.#published.get(stream) ?? [] };
  }

  /** The media a joining edge gets, frame by frame. */
  async snapshot(stream: string): Promise<string[]> {
    const request = encodeControl({ edge: 'edge-1', listeners: 1, after: null, behindMillis: 60_000 });
    const messages = await this.#bus.frames.collect(this.#subjects.snapshot(stream), request, { timeoutMillis: 1000, bytesMax: 1 << 20 }).catch(() => []);
    const frames: StreamFrame[] = [];
    const reader = new MessageReader();
    for (const message of messages) reader.read(message, (frame) => frames.push(frame));
    return frames.filter(({ kind }) => kind === 'random-access' || kind === 'delta').map(({ payload }) => Buffer.from(payload).toString());
  }

  /** The mood of each feed and encoder; empty while the ingest owns nothing. */
  moods(): Record<string, string> {
    return Object.fromEntries(this.ingest.status().producers.map(({ name, mood }) => [name, mood]));
  }

  /** Waits until media that begins with `text` is published. */
  async gets(stream: string, text: string, timeoutMillis = 20_000): Promise<void> {
    const from = this.published(stream).frames.length;
    const has = (): boolean => this.published(stream).frames.slice(from).some(({ kind, payload }) => kind !== 'init' && Buffer.from(payload).toString().startsWith(text));
    await this.until(`${stream} gives ${text}`, has, timeoutMillis);
  }

  async until(what: string, condition: () => boolean, timeoutMillis = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMillis;
    while (!condition()) {
      if (performance.now() > deadline) assert.fail(`still not after ${timeoutMillis} ms: ${what}; ${JSON.stringify(this.moods())}`);
      await pause(20);
    }
  }

  #follow(stream: string): void {
    const frames: StreamFrame[] = [];
    const reader = new MessageReader();
    this.#published.set(stream, frames);
    this.#bus.frames.subscribe(this.#subjects.frames(stream), (message) => reader.read(message, (frame) => frames.push(frame)));
  }
}
