import type { Bus, Subscription } from '@weir/bus';
import { readInstanceStatus } from '@weir/telemetry';
import type { EdgeStatus, IngestStatus, ProducerStatus } from '@weir/telemetry';
import type { Subjects } from '@weir/wire';
import { forgetMillis, instancesMax, lostMillis } from './limits.ts';

type InstanceAccount = IngestStatus | EdgeStatus;

/** What every ingest and edge last told of itself. */
export class Fleet {
  readonly #accounts = new Map<string, { account: InstanceAccount; heardMillis: number }>();
  readonly #subscriptions: readonly Subscription[];

  constructor(bus: Bus, subjects: Subjects) {
    this.#subscriptions = (['ingest', 'edge'] as const).map((role) =>
      bus.control.subscribe(subjects.anyStatus(role), (payload, subject) => {
        const account = readInstanceStatus(payload);
        if (account !== null) this.#hear(subject, account, performance.now());
      }),
    );
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  /** Ingests, those that fell silent with their producers `lost`. */
  ingests(nowMillis: number): IngestStatus[] {
    return this.#known(nowMillis).flatMap(({ account, heardMillis }) => {
      if (account.role !== 'ingest') return [];
      return nowMillis - heardMillis > lostMillis ? [withoutLife(account)] : [account];
    });
  }

  /** Edges that are alive: what a lost one served is served elsewhere or not at all. */
  edges(nowMillis: number): EdgeStatus[] {
    return this.#known(nowMillis).flatMap(({ account, heardMillis }) =>
      account.role === 'edge' && nowMillis - heardMillis <= lostMillis ? [account] : [],
    );
  }

  /** Names of the streams that an edge which is alive has listeners of. */
  streamsWithListeners(nowMillis: number): ReadonlySet<string> {
    const streams = this.edges(nowMillis).flatMap((edge) => edge.streams);
    return new Set(streams.filter(({ listeners }) => listeners > 0).map(({ name }) => name));
  }

  #hear(subject: string, account: InstanceAccount, nowMillis: number): void {
    if (!this.#accounts.has(subject) && this.#accounts.size >= instancesMax) return;
    this.#accounts.set(subject, { account, heardMillis: nowMillis });
  }

  #known(nowMillis: number): { account: InstanceAccount; heardMillis: number }[] {
    for (const [subject, { heardMillis }] of this.#accounts) {
      if (nowMillis - heardMillis > forgetMillis) this.#accounts.delete(subject);
    }
    return [...this.#accounts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  }
}

/** A feed that runs elsewhere by now is told by its new owner; what nobody else tells stands as lost. */
function withoutLife(ingest: IngestStatus): IngestStatus {
  const lost = (producer: ProducerStatus): ProducerStatus => ({ ...producer, mood: 'lost', pid: null, bitsPerSecond: 0 });
  return { ...ingest, producers: ingest.producers.map(lost) };
}
