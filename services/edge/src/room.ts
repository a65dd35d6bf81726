import { performance } from 'node:perf_hooks';
import type { Bus, Subscription } from '@weir/bus';
import type { Logger } from '@weir/telemetry';
import type { Subjects } from '@weir/wire';
import { Busyness } from './busyness.ts';
import { roomForgetMillis } from './limits.ts';

/** What of an edge is used, each as a share of what there is. */
export interface Shares {
  /** Of the time of its event loop. */
  readonly loop: number;
  /** Of `max_listeners` and `max_bandwidth`; 0 where they are not set. */
  readonly listeners: number;
  readonly bandwidth: number;
}

const words: Readonly<Record<keyof Shares, string>> = { loop: 'of the time of its event loop', listeners: 'of max_listeners', bandwidth: 'of max_bandwidth' };

/** What an edge is in. */
export interface RoomSurroundings {
  readonly instance: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly logger: Logger;
  /** Edges of the same one stand behind the same load balancer. */
  readonly pool: string;
}

/**
 * Whether an edge has room for more listeners, and whether others have. One that is busy sends new listeners away only as long
 * as another edge of its pool says that it has room: when all are busy, all of them take listeners, up to their limits.
 */
export class Room {
  readonly #around: RoomSurroundings;
  readonly #busyness = new Busyness();
  #utilisation = performance.eventLoopUtilization();
  #shares: Shares = { loop: 0, listeners: 0, bandwidth: 0 };
  /** While it is busy. */
  #others: Subscription | null = null;
  #othersHadRoomMillis = -Infinity;

  constructor(around: RoomSurroundings) {
    this.#around = around;
  }

  /** The largest of {@link Shares}. */
  get load(): number {
    return this.#shares[this.#most];
  }

  get busy(): boolean {
    return this.#busyness.busy;
  }

  /** Why new listeners should go elsewhere; null when they should not. */
  get notReady(): string | null {
    if (!this.busy || performance.now() - this.#othersHadRoomMillis > roomForgetMillis) return null;
    return `busy: ${Math.round(this.load * 100)} % ${words[this.#most]}, and another edge has room`;
  }

  /**
   * Looks at the load, about once a second, and tells other edges when there is room.
   *
   * @param busyAt the load from which there is none; null: there always is
   * @param open whether listeners are taken at all
   * @param nowMillis monotonic
   */
  tick(shares: Omit<Shares, 'loop'>, busyAt: number | null, open: boolean, nowMillis: number): void {
    const { bus, subjects, instance, pool } = this.#around;
    const utilisation = performance.eventLoopUtilization();
    const { utilization: loop } = performance.eventLoopUtilization(utilisation, this.#utilisation);
    this.#utilisation = utilisation;
    this.#shares = { ...shares, loop };
    const before = this.busy;
    this.#busyness.observe(this.load, busyAt, nowMillis);
    if (this.busy !== before) this.#changed();
    if (open && !this.busy) bus.control.publish(subjects.room(instance), Buffer.from(pool));
  }

  close(): void {
    this.#others?.unsubscribe();
  }

  get #most(): keyof Shares {
    return (['listeners', 'bandwidth'] as const).reduce<keyof Shares>((most, each) => (this.#shares[each] > this.#shares[most] ? each : most), 'loop');
  }

  #changed(): void {
    const { bus, subjects, logger, pool } = this.#around;
    const used = `${Math.round(this.load * 100)} % ${words[this.#most]}`;
    if (!this.busy) {
      this.#others?.unsubscribe();
      this.#others = null;
      logger.info('not busy any more: new listeners are welcome', { used });
      return;
    }
    logger.warn('busy: new listeners should go to other edges, as long as one of them has room', { used });
    this.#others = bus.control.subscribe(subjects.anyRoom, (payload) => {
      if (Buffer.from(payload).toString() === pool) this.#othersHadRoomMillis = performance.now();
    });
  }
}
