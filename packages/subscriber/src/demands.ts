import type { Bus, Subscription } from '@weir/bus';
import { encodeControl } from '@weir/wire';
import type { Subjects } from '@weir/wire';
import { demandRepeatMillis, farewellsMax } from './limits.ts';

interface Said {
  listeners: number;
  /** Those who want it for a moment, for a picture. */
  holds: number;
  /** Monotonic. */
  atMillis: number;
  /** How often it was repeated that there are none. */
  farewells: number;
}

/**
 * What an edge, or an ingest that reads a feed of another, tells the ingests of its listeners: each change at once, everything
 * again every few seconds and after the bus was away. That a stream has none any more is repeated too, for as long as an ingest
 * may take to come back to the bus.
 */
export class Demands {
  readonly #instance: string;
  readonly #bus: Bus;
  readonly #subjects: Subjects;
  readonly #said = new Map<string, Said>();
  readonly #subscription: Subscription;

  /** @param instance the name of this edge or ingest */
  constructor(instance: string, bus: Bus, subjects: Subjects) {
    this.#instance = instance;
    this.#bus = bus;
    this.#subjects = subjects;
    this.#subscription = bus.onConnection((connected) => {
      if (connected) this.tick(Infinity);
    });
  }

  /** A stream has its first listener, or has lost its last. Other changes need no message of their own: {@link count}. */
  say(stream: string, listeners: number): void {
    this.#tell(stream, listeners, this.#said.get(stream)?.holds ?? 0);
  }

  /** Listeners of a stream that has some, to be told with the next repetition. */
  count(stream: string, listeners: number): void {
    const said = this.#said.get(stream);
    if (said !== undefined) said.listeners = listeners;
  }

  /** Wants a stream, whether it has listeners or not, until the function it gives is called; that may be called once. */
  hold(stream: string): () => void {
    const change = (by: number): void => {
      const said = this.#said.get(stream);
      if (said === undefined || said.listeners + said.holds === 0 || said.listeners + said.holds + by === 0) this.#tell(stream, said?.listeners ?? 0, (said?.holds ?? 0) + by);
      else said.holds += by;
    };
    change(1);
    return () => change(-1);
  }

  /** About once a second. */
  tick(nowMillis: number): void {
    for (const [stream, said] of this.#said) {
      const wanted = said.listeners + said.holds;
      if (wanted > 0 && nowMillis - said.atMillis < demandRepeatMillis) continue;
      said.atMillis = performance.now();
      this.#publish(stream, wanted);
      if (wanted === 0 && this.#bus.connected && ++said.farewells === farewellsMax) this.#said.delete(stream);
    }
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  #tell(stream: string, listeners: number, holds: number): void {
    this.#said.set(stream, { listeners, holds, atMillis: performance.now(), farewells: 0 });
    this.#publish(stream, listeners + holds);
  }

  #publish(stream: string, listeners: number): void {
    this.#bus.control.publish(this.#subjects.demand(stream), encodeControl({ edge: this.#instance, listeners }));
  }
}
