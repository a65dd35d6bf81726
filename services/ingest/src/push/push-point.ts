import type { AddressRules, PushCredentials } from '@weir/config';
import type { ConnectionEnd, SourceRequest } from '@weir/http';
import type { FormatName } from '@weir/media';
import type { OpenSource, SourceEnd, SourceSink } from '../source.ts';
import { Publisher } from './publisher.ts';
import type { PublisherInfo } from './publisher-info.ts';

/** What a feed that is pushed to asks for. */
export interface PushPointOptions {
  /** Of the URL, decoded. */
  readonly path: string;
  readonly credentials: PushCredentials | 'open';
  /** From where. */
  readonly addresses: AddressRules;
  /** What the feed is configured to be; null: what comes. */
  readonly format: FormatName | null;
  /** Whether it is one of many, each for a name, with the same credentials. */
  readonly ofPattern: boolean;
  /** Whether a second publisher takes the first one's place. */
  readonly takeover: boolean;
  /** Silence after which a publisher is given up. */
  readonly timeoutMillis: number;
  /** Whether an administrator has stopped the feed: it takes nobody. */
  readonly stopped: () => boolean;
  /** Asked before a publisher is accepted. False: another ingest has one for this feed. */
  readonly claim: () => Promise<boolean>;
  /** A publisher waits for {@link PushPoint.open}. */
  readonly onArrival: () => void;
  /** The last publisher has left. */
  readonly onLeft: () => void;
}

/**
 * - `empty`: nobody pushes
 * - `held`: a publisher waits, nothing is read
 * - `live`: its bytes go to the feed; `next` waits for its place
 */
type Occupancy =
  | { readonly is: 'empty' }
  | { readonly is: 'held'; readonly publisher: Publisher }
  | { readonly is: 'live'; readonly publisher: Publisher; readonly sink: SourceSink; readonly next: Publisher | null };

/** The place that one feed is pushed to: at most one publisher at a time. */
export class PushPoint {
  readonly options: PushPointOptions;
  #occupancy: Occupancy = { is: 'empty' };

  constructor(options: PushPointOptions) {
    this.options = options;
  }

  /** What the publisher says about itself; null while there is none. */
  get info(): PublisherInfo | null {
    return this.#occupancy.is === 'empty' ? null : this.#occupancy.publisher.info;
  }

  /** Whether there is a publisher. */
  get occupied(): boolean {
    return this.#occupancy.is !== 'empty';
  }

  /** Whether one more publisher would be refused. */
  get taken(): boolean {
    return this.occupied && !this.options.takeover;
  }

  /** Takes a publisher whose credentials are right. False: another one is there, and the request is yet to be answered. */
  admit(request: SourceRequest): boolean {
    const before = this.#occupancy;
    if (this.taken) return false;
    const publisher: Publisher = new Publisher(request, this.options.timeoutMillis, {
      onTitle: (title) => this.#tell(publisher, title),
      onBytes: (bytes) => {
        if (this.#occupancy.is === 'live' && this.#occupancy.publisher === publisher) this.#occupancy.sink.onBytes(bytes);
      },
      onEnd: (end) => this.#ended(publisher, end),
    });
    const reason = `${publisher.description} took its place`;
    if (before.is === 'live') {
      before.next?.close(reason);
      this.#occupancy = { ...before, next: publisher };
      before.publisher.close(reason);
      return true;
    }
    this.#occupancy = { is: 'held', publisher };
    if (before.is === 'held') before.publisher.close(reason);
    this.options.onArrival();
    return true;
  }

  /** Begins to deliver what the waiting publisher sends; one run for each publisher. */
  readonly open: OpenSource = (sink) => {
    const before = this.#occupancy;
    if (before.is !== 'held') {
      queueMicrotask(() => sink.onEnd({ kind: 'failed', description: `nobody pushes to ${this.options.path}` }));
      return { pid: null, stop: () => {} };
    }
    const { publisher } = before;
    this.#occupancy = { is: 'live', publisher, sink, next: null };
    queueMicrotask(() => {
      if (this.#occupancy.is !== 'live' || this.#occupancy.publisher !== publisher) return;
      if (publisher.format !== null) sink.onFormat(publisher.format);
      if (publisher.title !== null) sink.onTitle(publisher.title);
      publisher.start();
    });
    return { pid: null, stop: (reason) => publisher.close(reason) };
  };

  /** Tells what is on. False: nobody pushes. */
  setTitle(title: string): boolean {
    const { is } = this.#occupancy;
    if (is === 'empty') return false;
    this.#tell(this.#occupancy.publisher, title);
    return true;
  }

  /** Ends the publisher, and who waits for its place. False: nobody pushes. */
  close(reason: string): boolean {
    const before = this.#occupancy;
    if (before.is === 'empty') return false;
    if (before.is === 'live') before.next?.close(reason);
    before.publisher.close(reason);
    return true;
  }

  #tell(publisher: Publisher, title: string): void {
    publisher.title = title;
    if (this.#occupancy.is === 'live' && this.#occupancy.publisher === publisher) this.#occupancy.sink.onTitle(title);
  }

  #ended(publisher: Publisher, end: ConnectionEnd): void {
    const before = this.#occupancy;
    if (before.is === 'live' && before.next === publisher) {
      this.#occupancy = { ...before, next: null };
    } else if (before.is !== 'empty' && before.publisher === publisher) {
      const next = before.is === 'live' ? before.next : null;
      this.#occupancy = next === null ? { is: 'empty' } : { is: 'held', publisher: next };
      if (before.is === 'live') before.sink.onEnd(sourceEnd(publisher, end));
      if (next === null) this.options.onLeft();
      else this.options.onArrival();
    }
  }
}

function sourceEnd({ description }: Publisher, end: ConnectionEnd): SourceEnd {
  switch (end.kind) {
    case 'complete':
      return { kind: 'finished', description: `${description}: end of its stream` };
    case 'broken':
      return { kind: 'failed', description: `${description}: ${end.reason}` };
    case 'closed':
      return { kind: 'stopped', description: `${description}: ${end.reason}` };
  }
}
