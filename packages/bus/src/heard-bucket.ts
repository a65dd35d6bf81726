import { randomUUID } from 'node:crypto';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { BusError } from './bus-error.ts';
import type { Bucket, Channel, Entry, OnCallbackError, Subscription } from './bus.ts';
import { HeardCopy } from './heard-copy.ts';
import type { HeardEntry } from './heard-copy.ts';
import { decodeHeard, encodeHeard } from './heard-message.ts';
import type { HeardMessage } from './heard-message.ts';
import { HeardWatchers } from './heard-watchers.ts';
import { isKey, precedes, versionOf } from './heard-version.ts';
import type { HeardVersion } from './heard-version.ts';
import { fetchMillis, heardHeaderBytesMax, heardKeysMax, mentionedMax, mentionMillis, reunionMillis, settleMillis } from './limits.ts';

/** What a heard bucket is opened with. */
export interface HeardBucketOptions {
  readonly channel: Channel;
  /** Where all copies hear each other; each is also told things on this subject and a token of its own. */
  readonly subject: string;
  readonly ttlMillis: number;
  /** Bytes of a message that the server takes. */
  readonly messageBytesMax: () => number;
  readonly onCallbackError: OnCallbackError;
}

type Told = Extract<HeardMessage, { is: 'entry' }>;
type Claimed = Extract<HeardMessage, { is: 'claim' }>;

/** A key that this process is about to take. */
interface Claim {
  readonly message: Claimed;
  lost: boolean;
}

/**
 * A bucket without a store: each process keeps a copy of it, from what the others tell. A value lives as long as a process that
 * has heard it. Each side of a split network has its own copies; once they meet, {@link precedes} says what stands.
 *
 * - what is written is told to all; where values stay it stands at once, and of two written at the same time the later one
 * - where values expire, a key is taken by a claim, unless its holder or a better claim objects within 250 ms. A holder that is
 *   compared and set against lets go if it is still at that revision: it alone decides
 * - whoever comes, or comes back, asks; all mention what they know, and what is news is fetched from one of them. What a process
 *   has written and what stays, it mentions again now and then
 */
export class HeardBucket implements Bucket {
  readonly #options: HeardBucketOptions;
  readonly #id: string = randomUUID();
  readonly #copy: HeardCopy;
  readonly #watchers: HeardWatchers;
  readonly #claims = new Map<string, Claim>();
  /** By key, when it was fetched. */
  readonly #fetches = new Map<string, number>();
  readonly #subscriptions: readonly Subscription[];
  readonly #timer: NodeJS.Timeout;
  /** Resolves once the others had time to answer. */
  readonly #opened: Promise<unknown>;
  /** Resolves once those who were cut off together had time to come back. */
  #together: Promise<unknown>;
  /** The last that was given or heard. */
  #revision = 0;

  constructor(options: HeardBucketOptions) {
    const { channel, subject, ttlMillis, onCallbackError } = options;
    this.#options = options;
    this.#copy = new HeardCopy(ttlMillis);
    this.#watchers = new HeardWatchers(onCallbackError);
    this.#subscriptions = [subject, `${subject}.${this.#id}`].map((each) => channel.subscribe(each, (payload) => this.#hear(payload)));
    this.#opened = pause(settleMillis);
    this.#together = this.#opened;
    this.#timer = setInterval(() => this.#mend(), mentionMillis);
    this.#send({ is: 'ask', from: this.#id });
  }

  async get(key: string): Promise<Entry | null> {
    await this.#opened;
    return this.#copy.live(key);
  }

  async put(key: string, value: Uint8Array): Promise<number> {
    await this.#opened;
    return this.#write(key, value);
  }

  async create(key: string, value: Uint8Array): Promise<number | null> {
    await (this.#expires ? this.#together : this.#opened);
    if (this.#copy.live(key) !== null) return null;
    return this.#expires ? this.#claim(key, value, 0) : this.#write(key, value);
  }

  /** A holder that was cut off for longer than its value lives may go on with it, as long as it has heard of no other. */
  async update(key: string, value: Uint8Array, revision: number): Promise<number | null> {
    await this.#opened;
    const known = this.#copy.known(key);
    if (known?.revision !== revision || known.deleted) return null;
    if (known.writer === this.#id || !this.#expires) return this.#write(key, value);
    return this.#copy.isLive(known) ? this.#claim(key, value, revision) : null;
  }

  async delete(key: string, revision?: number): Promise<void> {
    await this.#opened;
    const entry = this.#copy.live(key);
    if (entry !== null && (revision === undefined || entry.revision === revision)) this.#write(key, new Uint8Array(0), true);
  }

  watch(key: string, onEntry: (entry: Entry | null) => void): Subscription {
    const watcher = this.#watchers.add(key, onEntry);
    void this.#opened.then(() => this.#watchers.tellFirst(watcher, this.#copy.live(key)));
    return { unsubscribe: () => this.#watchers.remove(watcher) };
  }

  /** After a reconnect: catches up with the others, and they with this. */
  reopen(): void {
    this.#together = pause(reunionMillis);
    this.#mentionOwn();
    this.#send({ is: 'ask', from: this.#id });
  }

  close(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#watchers.clear();
  }

  get #expires(): boolean {
    return this.#options.ttlMillis > 0;
  }

  /** @throws BusError `disconnected`, `too-large` */
  #write(key: string, value: Uint8Array, deleted = false): number {
    const known = this.#copy.known(key);
    const revision = this.#nextRevision();
    const held = this.#expires && known?.writer === this.#id && !known.deleted;
    const { term, birth } = held ? known : { term: this.#nextTerm(key, revision), birth: revision };
    const version = { key, writer: this.#id, term, birth, revision, deleted };
    this.#announce(version, value);
    return revision;
  }

  /** The revision it is taken with; null when another has it. @throws BusError `disconnected`, `too-large` */
  async #claim(key: string, value: Uint8Array, over: number): Promise<number | null> {
    if (this.#claims.has(key)) return null;
    const revision = this.#nextRevision();
    const version = { key, writer: this.#id, term: this.#nextTerm(key, revision), birth: revision, revision, deleted: false };
    const claim: Claim = { message: { is: 'claim', from: this.#id, version, over, value }, lost: false };
    this.#claims.set(key, claim);
    try {
      this.#publish(claim.message);
      await pause(settleMillis);
      // Timers come before messages in a process that was held up: what has arrived is heard first.
      await setImmediate();
      const standing = this.#copy.live(key);
      if (claim.lost || (standing !== null && standing.revision !== over)) return null;
      this.#announce(version, value);
      return revision;
    } finally {
      this.#claims.delete(key);
    }
  }

  #announce(version: HeardVersion, value: Uint8Array): void {
    this.#publish({ is: 'entry', from: this.#id, version, ageMillis: 0, value });
    this.#keep({ ...version, value, toldMillis: performance.now() }, true);
  }

  #nextRevision(): number {
    this.#revision = Math.max(Date.now(), this.#revision + 1);
    return this.#revision;
  }

  #nextTerm(key: string, revision: number): number {
    return this.#expires ? (this.#copy.known(key)?.term ?? 0) + 1 : revision;
  }

  /** Whether it stands now. */
  #keep(entry: HeardEntry, fromWriter: boolean): boolean {
    if (!this.#copy.accept(entry, fromWriter)) return false;
    this.#revision = Math.max(this.#revision, entry.revision);
    this.#watchers.tell(entry.key, entry.deleted ? null : entry);
    return true;
  }

  #publish(message: Told | Claimed): void {
    const { key } = message.version;
    const bytesMax = this.#options.messageBytesMax() - heardHeaderBytesMax;
    if (!isKey(key)) throw new RangeError(`"${key}" is no key: use letters, digits and -_=./`);
    if (message.value.length > bytesMax) {
      throw new BusError('too-large', `the value of ${key} has ${message.value.length} bytes, this NATS server takes ${bytesMax}: raise its max_payload`);
    }
    if (!this.#copy.hasRoomFor({ key, value: message.value })) throw new BusError('too-large', `${this.#options.subject} has no room for ${key}: ${heardKeysMax} keys are the most`);
    if (!this.#send(message)) throw new BusError('disconnected', `${key}: not connected to NATS`);
  }

  #send(message: HeardMessage, to?: string): boolean {
    const { channel, subject } = this.#options;
    return channel.publish(to === undefined ? subject : `${subject}.${to}`, encodeHeard(message));
  }

  #tell(entry: HeardEntry, to?: string): void {
    const ageMillis = Math.round(performance.now() - entry.toldMillis);
    this.#send({ is: 'entry', from: this.#id, version: versionOf(entry), ageMillis, value: entry.value }, to);
  }

  #hear(payload: Uint8Array): void {
    const message = decodeHeard(payload);
    if (message === null || message.from === this.#id) return;
    switch (message.is) {
      case 'entry':
        return this.#hearEntry(message);
      case 'claim':
        return this.#hearClaim(message);
      case 'ask':
        return this.#mention(this.#copy.entries.filter((entry) => !this.#expires || this.#copy.isLive(entry)), message.from);
      case 'mention':
        return this.#hearMention(message.from, message.versions);
      case 'fetch':
        for (const key of message.keys) {
          const entry = this.#copy.known(key);
          if (entry !== undefined) this.#tell(entry, message.from);
        }
    }
  }

  #hearEntry({ from, version, ageMillis, value }: Told): void {
    this.#fetches.delete(version.key);
    const fromWriter = from === version.writer;
    if (this.#keep({ ...version, value, toldMillis: performance.now() - ageMillis }, fromWriter) || !fromWriter) return;
    const own = this.#own(version.key);
    if (own !== null && precedes(own, version)) this.#tell(own);
  }

  #hearClaim({ version, over, value }: Claimed): void {
    const claim = this.#claims.get(version.key);
    const own = this.#own(version.key);
    if (claim?.lost === false) {
      if (precedes(claim.message.version, version)) this.#send(claim.message);
      else claim.lost = true;
    } else if (own?.revision === over) {
      this.#keep({ ...version, value, toldMillis: performance.now() }, true);
    } else if (own !== null) {
      this.#tell(own);
    }
  }

  #hearMention(from: string, versions: readonly HeardVersion[]): void {
    const now = performance.now();
    const keys: string[] = [];
    for (const version of versions) {
      const known = this.#copy.known(version.key);
      const fetched = now - (this.#fetches.get(version.key) ?? -Infinity) < fetchMillis;
      if (fetched || this.#fetches.size >= heardKeysMax || (known !== undefined && !precedes(version, known))) continue;
      this.#fetches.set(version.key, now);
      keys.push(version.key);
    }
    if (keys.length > 0) this.#send({ is: 'fetch', from: this.#id, keys }, from);
  }

  /** The entry under a key that stands and was written here. */
  #own(key: string): HeardEntry | null {
    const entry = this.#copy.live(key);
    return entry?.writer === this.#id ? entry : null;
  }

  /** Makes good what got lost on the way: here, where nobody answered, and at others. */
  #mend(): void {
    if (this.#fetches.size > 0) this.#send({ is: 'ask', from: this.#id });
    this.#fetches.clear();
    // What expires is told often enough as it is.
    if (!this.#expires) this.#mentionOwn();
  }

  #mentionOwn(): void {
    this.#mention(this.#copy.entries.filter(({ writer }) => writer === this.#id));
  }

  #mention(entries: readonly HeardEntry[], to?: string): void {
    for (let index = 0; index < entries.length; index += mentionedMax) {
      const versions = entries.slice(index, index + mentionedMax).map((entry) => versionOf(entry));
      this.#send({ is: 'mention', from: this.#id, versions }, to);
    }
  }
}
